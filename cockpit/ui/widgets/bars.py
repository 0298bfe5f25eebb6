"""Shares drawn as bars."""

from __future__ import annotations


def bar(share: float, width: int) -> str:
    """A share of 0 to 1 as a bar of at most so many cells, to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
