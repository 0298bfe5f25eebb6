"""Formats that write a JSON object a line, and key=value pairs."""

from __future__ import annotations

import re

from cockpit.logs.described import LEVEL_KEYS, TIME_KEYS, Heads, Known, Reader, Sample
from cockpit.logs.levels import Level

_TIME = re.compile(rb'"(?:%s)\\?"\s*:\s*\\?"?' % TIME_KEYS.encode())
_LEVEL = re.compile(rb'"(?:%s)\\?"\s*:\s*\\?"?(\w+)' % LEVEL_KEYS.encode())
_AT = "2026-11-23T10:02:11.201Z"
_SEVERITIES = (Level.TRACE, Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR, Level.CRITICAL)

MONGODB = Known(
    "MongoDB JSON",
    Heads.OBJECTS,
    Reader.JSON,
    time_before=re.compile(rb'"\$date"\s*:\s*"'),
    level_at=re.compile(rb'"s\\?"\s*:\s*\\?"([A-Z]\d?)\\?"'),
    telling=re.compile(rb'\{\s*"t"\s*:\s*\{\s*"\$date"'),
    levels={
        b"f": Level.CRITICAL,
        b"e": Level.ERROR,
        b"w": Level.WARNING,
        b"i": Level.INFO,
        **dict.fromkeys((b"d", b"d1", b"d2", b"d3", b"d4", b"d5"), Level.DEBUG),
    },
    samples=(
        Sample(
            '{"t":{"$date":"2026-11-23T10:02:11.201+00:00"},"s":"I",  "c":"NETWORK",  "id":22943,   "ctx":"listener",'
            '"msg":"Connection accepted","attr":{"remote":"10.0.0.1:52000","connectionCount":3}}',
            _AT,
            "info",
            "Connection accepted",
            {"c": "NETWORK", "attr.remote": "10.0.0.1:52000"},
        ),
        Sample(
            '{"t":{"$date":"2026-11-23T10:02:12.001+00:00"},"s":"D1", "c":"QUERY",    "id":20, "ctx":"conn7",'
            '"msg":"Plan chosen"}',
            "2026-11-23T10:02:12.001Z",
            "debug",
            "Plan chosen",
        ),
        Sample(
            '{"t":{"$date":"2026-11-23T10:02:13.000+00:00"},"s":"E",  "c":"STORAGE",  "id":20557, "ctx":"initandlisten",'
            '"msg":"DBException in initAndListen","attr":{"error":"Location28596: no such directory"}}',
            "2026-11-23T10:02:13Z",
            "error",
            "DBException in initAndListen",
        ),
    ),
)

OPENTELEMETRY = Known(
    "OpenTelemetry JSON",
    Heads.OBJECTS,
    Reader.JSON,
    time_before=_TIME,
    level_at=re.compile(rb'"severity(?:Number|_number|Text|_text)\\?"\s*:\s*\\?"?(?:SEVERITY_NUMBER_)?(\w+)'),
    telling=re.compile(rb'\{.*"(?:severityNumber|severity_number|severityText|timeUnixNano)"'),
    levels={str(number).encode(): _SEVERITIES[(number - 1) // 4] for number in range(1, 25)}
    | {
        f"{name}{step}".encode(): level
        for name, level in zip(("trace", "debug", "info", "warn", "error", "fatal"), _SEVERITIES, strict=True)
        for step in (2, 3, 4)
    },
    message_keys=("body.stringValue", "body.string_value", "body"),
    samples=(
        Sample(
            '{"timeUnixNano":"1795428131201000000","severityNumber":17,"severityText":"ERROR",'
            '"body":{"stringValue":"cart failed"},"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}',
            _AT,
            "error",
            "cart failed",
            {"traceId": "5b8efff798038103d269b633813fc60c"},
        ),
        Sample(
            '{"timeUnixNano":"1795428131201000000","severityNumber":10,"body":{"stringValue":"cart opened"}}',
            _AT,
            "info",
            "cart opened",
        ),
    ),
)

JOURNAL = Known(
    "journald JSON",
    Heads.OBJECTS,
    Reader.JSON,
    time_before=re.compile(rb'"__REALTIME_TIMESTAMP"\s*:\s*"'),
    level_at=re.compile(rb'"PRIORITY\\?"\s*:\s*\\?"?(\d)'),
    telling=re.compile(rb'\{.*"__REALTIME_TIMESTAMP"'),
    message_keys=("MESSAGE",),
    samples=(
        Sample(
            '{"__REALTIME_TIMESTAMP":"1795428131201000","_HOSTNAME":"web-1","PRIORITY":"3","_PID":"12",'
            '"SYSLOG_IDENTIFIER":"shop","MESSAGE":"cart failed"}',
            _AT,
            "error",
            "cart failed",
            {"SYSLOG_IDENTIFIER": "shop"},
        ),
        Sample(
            '{"PRIORITY":"6","MESSAGE":"Started shop.","__REALTIME_TIMESTAMP":"1795428131201000"}',
            _AT,
            "info",
            "Started shop.",
        ),
    ),
)

GOOGLE = Known(
    "Google Cloud JSON",
    Heads.OBJECTS,
    Reader.JSON,
    time_before=_TIME,
    level_at=re.compile(rb'"severity\\?"\s*:\s*\\?"(\w+)'),
    telling=re.compile(rb'\{.*"(?:jsonPayload|textPayload|protoPayload|logging\.googleapis\.com/\w+)"'),
    levels={b"default": Level.NONE},
    message_keys=("jsonPayload.message", "jsonPayload.msg", "textPayload"),
    samples=(
        Sample(
            '{"insertId":"a1","jsonPayload":{"message":"cart failed","user":7},"severity":"ERROR",'
            '"timestamp":"2026-11-23T10:02:11.201Z","logName":"projects/shop/logs/web"}',
            _AT,
            "error",
            "cart failed",
            {"jsonPayload.user": "7"},
        ),
        Sample(
            '{"textPayload":"cart opened","severity":"INFO","timestamp":"2026-11-23T10:02:11.201934Z"}',
            "2026-11-23T10:02:11.201934Z",
            "info",
            "cart opened",
        ),
    ),
)

CLEF = Known(
    "Serilog JSON",
    Heads.OBJECTS,
    Reader.JSON,
    time_before=re.compile(rb'"@t"\s*:\s*"'),
    level_at=re.compile(rb'"@l\\?"\s*:\s*\\?"(\w+)'),
    telling=re.compile(rb'\{.*"@t"\s*:'),
    samples=(
        Sample(
            '{"@t":"2026-11-23T10:02:11.2010000Z","@m":"cart failed for 7","@i":"a1b2","@l":"Error","User":7}',
            _AT,
            "error",
            "cart failed for 7",
            {"User": "7"},
        ),
        Sample('{"@t":"2026-11-23T10:02:11.2010000Z","@mt":"cart {Id} opened","Id":7}', _AT, "", "cart {Id} opened"),
    ),
)


def _sample(text: str, level: str, message: str, **fields: str) -> Sample:
    return Sample(text, _AT, level, message, fields)


JSON = Known(
    "JSON lines",
    Heads.OBJECTS,
    Reader.JSON,
    time_before=_TIME,
    level_at=_LEVEL,
    samples=(
        # structlog, python-json-logger, bunyan, pino, zap, zerolog, logrus
        _sample(
            '{"event": "cart failed", "user": 7, "level": "error", "timestamp": "%s"}' % _AT, "error", "cart failed"
        ),
        _sample(
            '{"asctime": "2026-11-23 10:02:11,201", "levelname": "WARNING", "name": "shop", "message": "cart slow"}',
            "warning",
            "cart slow",
            name="shop",
        ),
        _sample(
            '{"name":"shop","hostname":"web-1","pid":12,"level":50,"msg":"cart failed","time":"%s","v":0}' % _AT,
            "error",
            "cart failed",
            hostname="web-1",
        ),
        _sample(
            '{"level":30,"time":1795428131201,"pid":12,"hostname":"web-1","req":{"id":7},"msg":"request completed"}',
            "info",
            "request completed",
            **{"req.id": "7"},
        ),
        _sample(
            '{"level":"warn","ts":1795428131.201,"caller":"shop/cart.go:12","msg":"cart slow","took":1.5}',
            "warning",
            "cart slow",
            took="1.5",
        ),
        _sample(
            '{"level":"error","error":"no cart","time":"%s","message":"cart failed"}' % _AT, "error", "cart failed"
        ),
        _sample('{"level":"fatal","msg":"no database","time":"2026-11-23T10:02:11.201Z"}', "critical", "no database"),
        # log4j 2 (two layouts), Elastic Common Schema, Caddy, Monolog
        _sample(
            '{"instant":{"epochSecond":1795428131,"nanoOfSecond":201000000},"thread":"main","level":"INFO",'
            '"loggerName":"shop.Cart","message":"cart opened"}',
            "info",
            "cart opened",
            loggerName="shop.Cart",
        ),
        _sample(
            '{"timeMillis":1795428131201,"thread":"main","level":"WARN","loggerName":"shop.Cart","message":"cart slow"}',
            "warning",
            "cart slow",
        ),
        _sample(
            '{"@timestamp":"%s","log.level":"ERROR","message":"cart failed","ecs.version":"1.6.0",'
            '"trace.id":"5b8efff798038103d269b633813fc60c"}' % _AT,
            "error",
            "cart failed",
        ),
        _sample(
            '{"@timestamp":"%s","log":{"level":"info","logger":"shop"},"message":"cart opened"}' % _AT,
            "info",
            "cart opened",
            **{"log.logger": "shop"},
        ),
        _sample(
            '{"level":"info","ts":1795428131.201,"logger":"http.log.access","msg":"handled request",'
            '"request":{"method":"GET","uri":"/cart"},"status":200}',
            "info",
            "handled request",
            status="200",
        ),
        _sample(
            '{"message":"cart failed","context":{"user":7},"level":400,"level_name":"ERROR","channel":"shop",'
            '"datetime":"2026-11-23T10:02:11.201000+00:00"}',
            "error",
            "cart failed",
        ),
        Sample('{"msg":"no level","user":7}', None, "", "no level", {"user": "7"}),
    ),
)

LOGFMT = Known(
    "logfmt",
    Heads.UNINDENTED,
    Reader.LOGFMT,
    time_before=re.compile(rb'(?<![^ ])(?:%s)="?' % TIME_KEYS.encode()),
    level_at=re.compile(rb'(?<![^ ])(?:%s)="?(\w+)' % LEVEL_KEYS.encode()),
    samples=(
        Sample(
            'time="2026-11-23T10:02:11Z" level=warning msg="cart slow" took=1.5s user=7',
            "2026-11-23T10:02:11Z",
            "warning",
            "cart slow",
            {"took": "1.5s"},
        ),
        Sample(
            "ts=2026-11-23T10:02:11.201Z caller=cart.go:12 level=error msg=failed err=EOF",
            _AT,
            "error",
            "failed",
            {"err": "EOF"},
        ),
        Sample("time=2026-11-23T10:02:11.201Z level=INFO msg=opened user=7", _AT, "info", "opened", {"user": "7"}),
    ),
)

DIALECTS = (MONGODB, OPENTELEMETRY, JOURNAL, GOOGLE, CLEF)
"""Dialects of JSON lines that keep time, level or message in places of their own."""
