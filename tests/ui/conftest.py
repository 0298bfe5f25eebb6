"""Logs and a repository for the screens under test."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import to_datetime
from tests.support.screen import NOW
from tests.support.service import git


@pytest.fixture
def app_log(tmp_path: Path) -> Path:
    """Two hundred JSON records, one a second up to now; every fortieth failed with a traceback."""
    path = tmp_path / "app.jsonl"
    lines = []
    for number in range(200):
        at = to_datetime(NOW - (200 - number) * 1_000_000).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if number % 40 == 30:
            trace = 'Traceback (most recent call last):\\n  File \\"cart.py\\", line 12, in total\\nTypeError: no sum'
            lines.append(
                f'{{"ts":"{at}","level":"error","msg":"checkout failed","items":{1000 + number},"exc_info":"{trace}"}}'
            )
        else:
            lines.append(f'{{"ts":"{at}","level":"info","msg":"checkout {number} done","items":{number}}}')
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def access_log(tmp_path: Path) -> Path:
    """An access log beside it, a line every two seconds."""
    path = tmp_path / "access.log"
    lines = []
    for number in range(100):
        at = to_datetime(NOW - (200 - 2 * number) * 1_000_000).strftime("%d/%b/%Y:%H:%M:%S +0000")
        status = 500 if number % 20 == 15 else 200
        lines.append(f'10.0.0.{number} - - [{at}] "POST /checkout HTTP/1.1" {status} 12 "-" "curl/8"')
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Three commits; HEAD came to stand on the second and the third in the last two minutes."""
    folder = tmp_path / "shop"
    folder.mkdir()
    seconds = NOW // 1_000_000
    git(folder, "init", "-q", "-b", "main", at=seconds - 7200)
    for number, (who, subject) in enumerate((("ana", "Serve the shop"), ("ben", "Count [carts]"), ("cho", "Sum once"))):
        (folder / "cart.py").write_text(
            "".join(f"def total_{n}(items):\n    return sum(items)\n" for n in range(number + 1))
        )
        git(folder, "add", ".", at=seconds)
        git(folder, "commit", "-q", "-m", f"{subject}\n\nBecause {number}.", at=seconds - 180 + 60 * number, who=who)
    return folder
