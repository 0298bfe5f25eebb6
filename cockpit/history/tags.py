"""The annotated tags of a repository: when somebody named a commit. Pure. Lightweight tags have no time: none here."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.clock import SECOND

FORMAT = "%00".join(
    ("%(refname:strip=2)", "%(taggerdate:unix)", "%(*objecttype)", "%(*objectname)", "%(contents:subject)")
)
"""What for-each-ref is to print of each tag, on a line."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A commit was tagged. at: microseconds; sha: of the commit; subject: the first line of the tag's own message."""

    at: int
    name: str
    sha: str
    subject: str


def parse_tags(data: bytes) -> tuple[Tag, ...]:
    """The annotated tags of commits, oldest first, of lines of FORMAT. Lines that are none are passed over."""
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        parts = line.split("\0")
        if len(parts) == 5 and parts[2] == "commit" and parts[1].isascii() and parts[1].isdigit():
            found.append(Tag(int(parts[1][:12]) * SECOND, parts[0], parts[3], parts[4]))
    return tuple(sorted(found, key=lambda tag: tag.at))
