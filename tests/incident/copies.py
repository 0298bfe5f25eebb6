"""Two copies of an incident for tests: files in dicts, and the objects that hold their bytes."""

from __future__ import annotations

import hashlib

from hypothesis import strategies as st

from cockpit.incident.journal import Entry
from tests.incident.histories import histories

GARBAGE = st.sampled_from([b"<<<<<<< HEAD", b'{"v":1,"id":"3"', b"\xff\xfe", b"[]", b'{"v":9,"new":true}'])


class Held:
    """Objects that are kept in memory, by hash."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}

    def read(self, blob: str) -> bytes:
        return self._bytes[blob]

    def keep(self, data: bytes) -> str:
        name = hashlib.sha1(data).hexdigest()
        self._bytes[name] = data
        return name

    def tree(self, **files: bytes | str) -> dict[str, str]:
        """A copy with these files; `__` is a slash and `_` a full stop in their names."""
        return {
            name.replace("__", "/").replace("_", "."): self.keep(data if isinstance(data, bytes) else data.encode())
            for name, data in files.items()
        }


def as_lines(*entries: Entry) -> bytes:
    import msgspec

    return b"".join(msgspec.json.encode(each) + b"\n" for each in entries)


@st.composite
def journals(draw: st.DrawFn) -> bytes:
    """A journal with broken lines, in no order, its last line perhaps torn."""
    lines = as_lines(*draw(histories(8))).splitlines() + draw(st.lists(GARBAGE, max_size=3))
    made = b"".join(line + b"\n" for line in draw(st.permutations(lines)))
    return made if draw(st.booleans()) else made[:-1]
