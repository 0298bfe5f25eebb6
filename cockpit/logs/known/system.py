"""Formats of operating systems: syslog, the journal, the kernel, audit, Windows."""

from __future__ import annotations

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import ISO, LEVEL, line
from cockpit.logs.levels import SEARCHED, Level, level_of_number

_AT = "2026-11-23T10:02:11.201Z"
_PRIORITIES = {str(number).encode(): level_of_number(number % 8) for number in range(192)}
_SHORT = rb"\w{3} [ \d]?\d \d\d:\d\d:\d\d(?:\.\d{3,6})?"
_PROGRAM = rb"(?P<host>\S+) (?P<app>[^\s:\[]+(?: [^\s:\[]+)?)(?:\[(?P<pid>[\w.]+)\])?: (?P<message>.*)"
_ERRORS = {b"debug": Level.DEBUG, b"emerg": Level.CRITICAL}

SYSLOG_5424 = Known(
    "syslog (RFC 5424)",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"<(?P<level>\d{1,3})>\d (?P<time>",
        ISO,
        rb") (?P<host>\S+) (?P<app>\S+) (?P<pid>\S+) (?P<id>\S+) ",
        rb"(?P<data>-|(?:\[(?:[^\]\\]|\\.)*\])+)(?: (?P<message>.*)|$)",
    ),
    levels=_PRIORITIES,
    samples=(
        Sample(
            '<165>1 2026-11-23T10:02:11.201Z web-1 shop 12 ID47 [cart@32473 user="7"] cart opened',
            _AT,
            "notice",
            "cart opened",
            {"host": "web-1", "app": "shop"},
        ),
        Sample("<11>1 2026-11-23T10:02:11.201+00:00 web-1 shop - - - cart failed", _AT, "error", "cart failed"),
    ),
)

SYSLOG_PRIORITY = Known(
    "syslog with priority (RFC 3164)",
    Heads.TIMED,
    Reader.LINE,
    line(rb"<(?P<level>\d{1,3})>(?P<time>", _SHORT, rb"|", ISO, rb") ", _PROGRAM),
    levels=_PRIORITIES,
    samples=(
        Sample(
            "<34>Nov 23 10:02:11 web-1 su[12]: failed for ana",
            "2026-11-23T10:02:11Z",
            "critical",
            "failed for ana",
            {"app": "su", "pid": "12"},
        ),
        Sample("<190>Nov 23 10:02:11 web-1 shop: opened", "2026-11-23T10:02:11Z", "info", "opened", {"host": "web-1"}),
    ),
)

SYSLOG = Known(
    "syslog (RFC 3164)",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>", _SHORT, rb") ", _PROGRAM),
    level_at=SEARCHED,
    samples=(
        Sample(
            "Nov 23 10:02:11 web-1 shop[12]: cart opened",
            "2026-11-23T10:02:11Z",
            "",
            "cart opened",
            {"host": "web-1", "app": "shop", "pid": "12"},
        ),
        Sample(
            "Nov  3 10:02:11 web-1 kernel: EXT4-fs (sda1): errors=remount-ro",
            "2026-11-03T10:02:11Z",
            "",
            "EXT4-fs (sda1): errors=remount-ro",
        ),
        Sample(
            "Nov 23 10:02:11 web-1 shop[12]: ERROR cart failed", "2026-11-23T10:02:11Z", "error", "ERROR cart failed"
        ),
        Sample("Nov 23 10:02:11.201000 web-1 systemd[1]: Started shop.", _AT, "", "Started shop.", {"app": "systemd"}),
    ),
)

SYSLOG_ISO = Known(
    "syslog with ISO times",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>", ISO, rb") ", _PROGRAM),
    level_at=SEARCHED,
    telling=line(ISO, rb" (?!%s)[\w.-]+ (?:[^\s:\[]+\[\d+\]|kernel|rsyslogd|systemd|sudo|su): " % LEVEL),
    samples=(
        Sample(
            "2026-11-23T10:02:11+0000 web-1 shop[12]: cart opened",
            "2026-11-23T10:02:11Z",
            "",
            "cart opened",
            {"app": "shop"},
        ),
        Sample(
            "2026-11-23T10:02:11.201000+00:00 web-1 sshd[7]: Accepted publickey",
            _AT,
            "",
            "Accepted publickey",
            {"pid": "7"},
        ),
    ),
)

JOURNAL_UNIX = Known(
    "journal with epoch times",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>\d{10}\.\d{6}) ", _PROGRAM),
    level_at=SEARCHED,
    samples=(Sample("1795428131.201000 web-1 shop[12]: cart opened", _AT, "", "cart opened", {"app": "shop"}),),
)

KERNEL = Known(
    "kernel ring buffer",
    Heads.EVERY,
    Reader.LINE,
    line(
        rb"(?:<\d+>|(?P<facility>kern|user|daemon|syslog) *:(?P<level>\w+) *: )?",
        rb"\[ *(?P<boot>\d{1,8}\.\d{6})\](?:\[ *(?P<thread>[TC]\d+)\])? (?P<message>.*)",
    ),
    levels=_ERRORS,
    samples=(
        Sample(
            "[   12.345678] usb 1-1: new high-speed USB device",
            None,
            "",
            "usb 1-1: new high-speed USB device",
            {"boot": "12.345678"},
        ),
        Sample("kern  :err   : [ 1234.345678] sd 0:0:0:0: rejecting I/O", None, "error", "sd 0:0:0:0: rejecting I/O"),
    ),
)

KERNEL_TIMES = Known(
    "kernel ring buffer with times",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?:(?P<facility>\w+) *:(?P<level>\w+) *: )?\[(?P<time>\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})\] (?P<message>[^\[].*)"
    ),
    levels=_ERRORS,
    samples=(
        Sample(
            "[Mon Nov 23 10:02:11 2026] usb 1-1: new high-speed USB device",
            "2026-11-23T10:02:11Z",
            "",
            "usb 1-1: new high-speed USB device",
        ),
        Sample(
            "kern  :warn  : [Mon Nov 23 10:02:11 2026] sd 0:0:0:0: slow",
            "2026-11-23T10:02:11Z",
            "warning",
            "sd 0:0:0:0: slow",
        ),
    ),
)

AUDIT = Known(
    "audit log",
    Heads.EVERY,
    Reader.LINE,
    line(
        rb"(?:node=(?P<node>\S+) )?type=(?P<type>\S+) msg=audit\((?P<time>\d{10}\.\d{3}):(?P<serial>\d+)\): ?(?P<message>.*)"
    ),
    samples=(
        Sample(
            "type=SYSCALL msg=audit(1795428131.201:24287): arch=c000003e syscall=2 success=no",
            _AT,
            "",
            "arch=c000003e syscall=2 success=no",
            {"type": "SYSCALL", "serial": "24287", "success": "no"},
        ),
        Sample('node=web-1 type=CWD msg=audit(1795428131.201:24287):  cwd="/srv"', _AT, "", ' cwd="/srv"'),
    ),
)

WINDOWS = Known(
    "Windows CBS",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d), (?P<level>\w+) +(?P<component>\w+) +(?P<message>.*)"),
    samples=(
        Sample(
            "2026-11-23 10:02:11, Info                  CBS    Loaded Servicing Stack",
            "2026-11-23T10:02:11Z",
            "info",
            "Loaded Servicing Stack",
            {"component": "CBS"},
        ),
        Sample(
            "2026-11-23 10:02:11, Error                 CSI    00000001 failed",
            "2026-11-23T10:02:11Z",
            "error",
            "00000001 failed",
        ),
    ),
)

SYSTEM = (SYSLOG_5424, SYSLOG_PRIORITY, SYSLOG, SYSLOG_ISO, JOURNAL_UNIX, AUDIT, KERNEL, KERNEL_TIMES, WINDOWS)
