"""What collectors of containers write around each line of a program."""

from __future__ import annotations

import re

from cockpit.logs.described import Sample, Wrapper
from cockpit.logs.known.parts import COLOUR

_AT = "2026-11-23T10:02:11.201Z"

DOCKER_JSON = Wrapper(
    "Docker json-file",
    re.compile(rb'\{"log":"'),
    b'"',
    3,
    time_before=re.compile(rb'"time":"'),
    escaped=True,
    samples=(
        Sample(
            '{"log":"2026-11-23 10:02:10,000 ERROR cart failed\\n","stream":"stderr","time":"2026-11-23T10:02:11.201Z"}',
            _AT,
            "error",
            "cart failed",
            {"stream": "stderr"},
        ),
        Sample(
            '{"log":"2026-11-23 10:02:10,000 INFO cart opened\\n","stream":"stdout","time":"2026-11-23T10:02:11.201Z"}',
            _AT,
            "info",
            "cart opened",
        ),
    ),
)

CRI = Wrapper(
    "Kubernetes (CRI)",
    re.compile(
        rb"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.?\d{0,9}(?:Z|[+-]\d\d:\d\d)) (?P<stream>stdout|stderr) (?P<part>[FP]) "
    ),
    b" ",
    3,
    samples=(
        Sample(
            "2026-11-23T10:02:11.201Z stderr F 2026-11-23 10:02:10,000 ERROR cart failed",
            _AT,
            "error",
            "cart failed",
            {"stream": "stderr"},
        ),
        Sample(
            "2026-11-23T10:02:11.201Z stdout F 2026-11-23 10:02:10,000 INFO cart opened", _AT, "info", "cart opened"
        ),
    ),
)

COMPOSE = Wrapper(
    "docker compose",
    re.compile(COLOUR + rb"(?P<container>[A-Za-z0-9][\w.-]*) *" + COLOUR + rb"\|" + COLOUR + rb" "),
    b"|",
    1,
    samples=(
        Sample(
            "web-1  | 2026-11-23 10:02:11,201 ERROR cart failed", _AT, "error", "cart failed", {"container": "web-1"}
        ),
        Sample("db-1   | 2026-11-23 10:02:11,201 INFO ready", _AT, "info", "ready", {"container": "db-1"}),
    ),
)

KUBECTL = Wrapper(
    "kubectl --prefix",
    re.compile(rb"\[pod/(?P<pod>[\w.-]+)/(?P<container>[\w.-]+)\] "),
    b" ",
    1,
    samples=(
        Sample(
            "[pod/web-7d9f/app] 2026-11-23 10:02:11,201 ERROR cart failed",
            _AT,
            "error",
            "cart failed",
            {"container": "app"},
        ),
    ),
)

WRAPPERS = (DOCKER_JSON, CRI, COMPOSE, KUBECTL)
