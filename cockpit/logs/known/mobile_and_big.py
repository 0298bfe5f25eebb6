"""Formats of phones and of large machines."""

from __future__ import annotations

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import LEVEL, line
from cockpit.logs.levels import SEARCHED, Level

_LETTERS = {
    **{b"v": Level.TRACE, b"d": Level.DEBUG, b"i": Level.INFO, b"w": Level.WARNING, b"e": Level.ERROR},
    **{b"f": Level.CRITICAL, b"a": Level.CRITICAL},
}

LOGCAT = Known(
    "Android logcat",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}) +(?:(?P<pid>\d+) +(?P<tid>\d+) +)?",
        rb"(?P<level>[VDIWEFA])[ /](?P<tag>[^:]*?) *(?:\( *\d+\))?: (?P<message>.*)",
    ),
    levels=_LETTERS,
    samples=(
        Sample(
            "11-23 10:02:11.201  1702  2395 D CartService: opened",
            "2026-11-23T10:02:11.201Z",
            "debug",
            "opened",
            {"tag": "CartService", "pid": "1702"},
        ),
        Sample("11-23 10:02:11.201 12702 12702 E CartService: failed", "2026-11-23T10:02:11.201Z", "error", "failed"),
        Sample("11-23 10:02:11.201 W/CartService( 1702): slow", "2026-11-23T10:02:11.201Z", "warning", "slow"),
    ),
)

LOGCAT_BRIEF = Known(
    "Android logcat (brief)",
    Heads.EVERY,
    Reader.LINE,
    line(rb"(?P<level>[VDIWEFA])/(?P<tag>[^(]+?) *\( *(?P<pid>\d+)\): (?P<message>.*)"),
    levels=_LETTERS,
    samples=(
        Sample("I/CartService( 1702): opened", None, "info", "opened", {"tag": "CartService", "pid": "1702"}),
        Sample("E/CartService(12702): failed", None, "error", "failed"),
    ),
)

HEALTH = Known(
    "HealthApp",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>\d{8}-\d{1,2}:\d{1,2}:\d{1,2}:\d{1,3})\|(?P<component>[^|]*)\|(?P<pid>\d+)\|(?P<message>.*)"),
    samples=(
        Sample(
            "20261123-10:2:11:201|Step_Cart|30002312|onStep 3579",
            "2026-11-23T10:02:11.201Z",
            "",
            "onStep 3579",
            {"component": "Step_Cart"},
        ),
        Sample("20261123-10:02:11:7|Step_Cart|30002312|onStep 3580", "2026-11-23T10:02:11.007Z", "", "onStep 3580"),
    ),
)

BLUE_GENE = Known(
    "Blue Gene/L",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<alert>\S+) (?P<time>\d{10}) \d{4}\.\d\d\.\d\d (?P<node>\S+) \S+ \S+ (?P<type>\S+) (?P<component>\S+) ",
        LEVEL,
        rb" ?(?P<message>.*)",
    ),
    levels={b"failure": Level.ERROR, b"severe": Level.ERROR},
    samples=(
        Sample(
            "- 1795428131 2026.11.23 R02-M1 2026-11-23-02.02.11.675872 R02-M1 RAS KERNEL INFO parity error corrected",
            "2026-11-23T10:02:11Z",
            "info",
            "parity error corrected",
            {"component": "KERNEL"},
        ),
        Sample(
            "KERNDTLB 1795428131 2026.11.23 R02-M1 2026-11-23-02.02.11.675872 R02-M1 RAS KERNEL FATAL data TLB interrupt",
            "2026-11-23T10:02:11Z",
            "critical",
            "data TLB interrupt",
        ),
    ),
)

THUNDERBIRD = Known(
    "Thunderbird",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<alert>\S+) (?P<time>\d{10}) \d{4}\.\d\d\.\d\d (?P<node>\S+) \w{3} +\d+ \d\d:\d\d:\d\d (?P<host>\S+) ",
        rb"(?:(?P<app>[^\s:\[]+(?:\([^)]*\))?)(?:\[(?P<pid>\d+)\])?: ?)?(?P<message>.*)",
    ),
    level_at=SEARCHED,
    samples=(
        Sample(
            "- 1795428131 2026.11.23 dn228 Nov 23 02:02:11 dn228/dn228 crond(pam_unix)[2915]: session closed",
            "2026-11-23T10:02:11Z",
            "",
            "session closed",
            {"host": "dn228/dn228", "pid": "2915"},
        ),
    ),
)

CLUSTER = Known(
    "HPC cluster",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<id>\d+) (?P<node>\S+) (?P<component>\S+) (?P<state>\S+) (?P<time>\d{10}) (?P<flag>\d) (?P<message>.*)"),
    samples=(
        Sample(
            "134681 node-246 unix.hw state_change.unavailable 1795428131 1 Component is unavailable",
            "2026-11-23T10:02:11Z",
            "",
            "Component is unavailable",
            {"node": "node-246"},
        ),
    ),
)

PROXIFIER = Known(
    "Proxifier",
    Heads.TIMED,
    Reader.LINE,
    line(rb"\[(?P<time>\d\d\.\d\d \d\d:\d\d:\d\d)\] (?P<program>.{1,60}?) - (?P<message>.*)"),
    samples=(
        Sample(
            "[11.23 10:02:11] chrome.exe - shop:443 close, 0 bytes sent",
            "2026-11-23T10:02:11Z",
            "",
            "shop:443 close, 0 bytes sent",
            {"program": "chrome.exe"},
        ),
    ),
)

MOBILE_AND_BIG = (LOGCAT, LOGCAT_BRIEF, HEALTH, BLUE_GENE, THUNDERBIRD, CLUSTER, PROXIFIER)
