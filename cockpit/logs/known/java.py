"""Formats of Java's logging libraries and of programs that keep to them."""

from __future__ import annotations

import re

from cockpit.logs.described import Heads, Known, Reader, Sample
from cockpit.logs.known.parts import LEVEL, iso, line

_AT = "2026-11-23T10:02:11.201Z"

SPRING_BOOT = Known(
    "Spring Boot",
    Heads.TIMED,
    Reader.LINE,
    iso(
        b"",
        rb" +%s (?P<pid>\d+) --- (?:\[(?P<application>[^\]]*)\] )?\[(?P<thread>[^\]]*)\](?: \[(?P<trace>[^\]]*)\])? "
        rb"*(?P<logger>\S+) +: (?P<message>.*)" % LEVEL,
    ),
    samples=(
        Sample(
            "2026-11-23T10:02:11.201Z  INFO 12 --- [shop] [           main] c.s.Cart                 : opened",
            _AT,
            "info",
            "opened",
            {"logger": "c.s.Cart", "pid": "12"},
        ),
        Sample(
            "2026-11-23 10:02:11.201 ERROR 12 --- [nio-8080-exec-1] c.s.Cart                 : failed",
            _AT,
            "error",
            "failed",
            {"thread": "nio-8080-exec-1"},
        ),
    ),
)

ZOOKEEPER = Known(
    "ZooKeeper",
    Heads.TIMED,
    Reader.LINE,
    iso(b"", rb" (?:\[myid:\d*\] )?- %s +\[(?P<thread>.{0,200}?)\] - (?P<message>.*)" % LEVEL),
    samples=(
        Sample(
            "2026-11-23 10:02:11,201 - WARN  [SendWorker:7:QuorumCnxManager$SendWorker@688] - leaving thread",
            _AT,
            "warning",
            "leaving thread",
        ),
        Sample(
            "2026-11-23 10:02:11,201 [myid:1] - INFO  [main:Cart@12] - opened",
            _AT,
            "info",
            "opened",
            {"thread": "main:Cart@12"},
        ),
        Sample(
            "2026-11-23 10:02:11,201 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:Cart@7] - opened",
            _AT,
            "info",
            "opened",
        ),
    ),
)

LOG4J = Known(
    "log4j",
    Heads.TIMED,
    Reader.LINE,
    iso(b"", rb",? +\[?%s *\]? +\[(?P<thread>.{0,160}?)\] (?P<logger>[\w.$]+)(?: -|:| :) ?(?P<message>.*)" % LEVEL),
    samples=(
        Sample(
            "2026-11-23 10:02:11,201 INFO [main] shop.Cart: opened",
            _AT,
            "info",
            "opened",
            {"thread": "main", "logger": "shop.Cart"},
        ),
        Sample(
            "2026-11-23 10:02:11,201 WARN  [IPC handler 0 on 8080] shop.Cart - slow",
            _AT,
            "warning",
            "slow",
            {"thread": "IPC handler 0 on 8080"},
        ),
        Sample("2026-11-23 10:02:11,201 ERROR [pool-1-thread-7] shop.Cart$Inner: failed", _AT, "error", "failed"),
    ),
)

LOGBACK = Known(
    "logback",
    Heads.TIMED,
    Reader.LINE,
    iso(b"", rb" +\[(?P<thread>.{0,160}?)\] +%s +(?P<logger>[\w.$]+)(?: -|:| :) ?(?P<message>.*)" % LEVEL),
    samples=(
        Sample(
            "2026-11-23 10:02:11.201 [main] INFO  c.shop.Cart - opened",
            _AT,
            "info",
            "opened",
            {"thread": "main", "logger": "c.shop.Cart"},
        ),
        Sample(
            "2026-11-23 10:02:11,201 [exec-7] ERROR c.shop.Cart - failed", _AT, "error", "failed", {"thread": "exec-7"}
        ),
    ),
)

LOGBACK_CLOCK = Known(
    "logback without dates",
    Heads.LEVELLED,
    Reader.LINE,
    line(
        rb"(?P<clock>\d\d:\d\d:\d\d[.,]\d{3}) \[(?P<thread>.{0,160}?)\] ",
        LEVEL,
        rb" +(?P<logger>[\w.$]+) - (?P<message>.*)",
    ),
    samples=(
        Sample("10:02:11.201 [main] INFO  c.shop.Cart - opened", None, "info", "opened", {"logger": "c.shop.Cart"}),
        Sample("10:02:11.202 [exec-7] ERROR c.shop.Cart - failed", None, "error", "failed", {"clock": "10:02:11.202"}),
    ),
)

JUL = Known(
    "java.util.logging",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>\w{3} \d\d?, \d{4},? \d\d?:\d\d:\d\d [AP]M) (?P<logger>[\w.$]+) (?P<method>\S+)(?P<message>)"),
    level_at=re.compile(rb"\n(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): "),
    level_below=True,
    samples=(
        Sample(
            "Nov 23, 2026 10:02:11 PM shop.Cart total\nWARNING: cart slow",
            "2026-11-23T22:02:11Z",
            "warning",
            "cart slow",
            {"logger": "shop.Cart"},
        ),
        Sample(
            "Nov 23, 2026 9:02:11 AM shop.Cart total\nSEVERE: cart failed",
            "2026-11-23T09:02:11Z",
            "error",
            "cart failed",
        ),
    ),
)

TOMCAT = Known(
    "Tomcat",
    Heads.TIMED,
    Reader.LINE,
    line(
        rb"(?P<time>\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d\.\d{3}) ",
        LEVEL,
        rb" \[(?P<thread>[^\]]*)\] (?P<logger>\S+) (?P<message>.*)",
    ),
    samples=(
        Sample(
            "23-Nov-2026 10:02:11.201 SEVERE [main] org.shop.Cart.start failed",
            _AT,
            "error",
            "failed",
            {"logger": "org.shop.Cart.start"},
        ),
        Sample("23-Nov-2026 10:02:11.201 INFO [main] org.shop.Cart.start opened", _AT, "info", "opened"),
    ),
)

SPARK = Known(
    "Spark",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>\d\d/\d\d/\d\d \d\d:\d\d:\d\d) ", LEVEL, rb" (?P<logger>[\w.$-]+): (?P<message>.*)"),
    samples=(
        Sample(
            "26/11/23 10:02:11 INFO executor.Executor: Running task 7.0",
            "2026-11-23T10:02:11Z",
            "info",
            "Running task 7.0",
            {"logger": "executor.Executor"},
        ),
        Sample("26/11/23 10:02:11 ERROR executor.Executor: lost", "2026-11-23T10:02:11Z", "error", "lost"),
    ),
)

HDFS = Known(
    "HDFS",
    Heads.TIMED,
    Reader.LINE,
    line(rb"(?P<time>\d{6} \d{6}) (?P<thread>\d+) ", LEVEL, rb" (?P<logger>[\w.$]+): (?P<message>.*)"),
    samples=(
        Sample(
            "261123 100211 148 INFO dfs.DataNode$Cart: block 7 terminating",
            "2026-11-23T10:02:11Z",
            "info",
            "block 7 terminating",
            {"logger": "dfs.DataNode$Cart"},
        ),
        Sample("261123 100212 35 WARN dfs.DataNode: slow", "2026-11-23T10:02:12Z", "warning", "slow", {"thread": "35"}),
    ),
)

JAVA = (SPRING_BOOT, ZOOKEEPER, LOG4J, LOGBACK, LOGBACK_CLOCK, JUL, TOMCAT, SPARK, HDFS)
