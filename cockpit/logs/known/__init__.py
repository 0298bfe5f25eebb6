"""The table of formats that are known out of the box, in the order in which they are tried: the most telling first."""

from __future__ import annotations

from cockpit.logs.described import Heads, Known, Reader
from cockpit.logs.known.containers import WRAPPERS
from cockpit.logs.known.databases import DATABASES
from cockpit.logs.known.java import JAVA
from cockpit.logs.known.json_lines import DIALECTS, JSON, LOGFMT
from cockpit.logs.known.languages import GENERAL_LANGUAGES, LANGUAGES
from cockpit.logs.known.mobile_and_big import MOBILE_AND_BIG
from cockpit.logs.known.system import SYSTEM
from cockpit.logs.known.web import ACCESS, WEB
from cockpit.logs.levels import SEARCHED

TEXT = Known("text with times", Heads.TIMED, Reader.TEXT, level_at=SEARCHED)
PLAIN = Known("text without times", Heads.UNINDENTED, Reader.TEXT, level_at=SEARCHED)

LINES = (*MOBILE_AND_BIG, *DATABASES, *WEB, *JAVA, *LANGUAGES, *SYSTEM, ACCESS, *GENERAL_LANGUAGES)
"""Formats told by the expression of their lines."""

KNOWN = (*DIALECTS, JSON, *LINES, LOGFMT, TEXT, PLAIN)

__all__ = ["ACCESS", "DIALECTS", "JSON", "KNOWN", "LINES", "LOGFMT", "PLAIN", "TEXT", "WRAPPERS"]
