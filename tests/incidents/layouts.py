"""How a log lays out its records: JSON lines, logfmt, and text as the loggers of Python, Java and Node write it."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from cockpit.clock import to_datetime
from tests.incidents.service import Service
from tests.incidents.story import Event
from tests.incidents.telling import trace_of

Layout = Callable[[Event], str]
"""The lines of a record, with newlines."""


def layout_for(service: Service, chance: Random) -> Layout:
    """A layout that services of this language use."""
    choices = {
        "python": (_json, _json, _logfmt, _python, _python),
        "java": (_json, _log4j, _log4j),
        "go": (_json, _logfmt),
        "node": (_json, _node),
    }[service.language]
    return chance.choice(choices)(service, chance)


def _iso(at: int, digits: int = 3) -> str:
    moment = to_datetime(at)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 10 ** (6 - digits):0{digits}d}Z"


def _spaced(at: int, mark: str) -> str:
    moment = to_datetime(at)
    return f"{moment:%Y-%m-%d %H:%M:%S}{mark}{moment.microsecond // 1000:03d}"


def latency_in(name: str, took: float) -> object:
    """A duration (milliseconds) in the unit that the field's name tells, or with its unit."""
    if name.endswith("_us"):
        return int(took * 1000)
    if name.endswith("_s"):
        return round(took / 1000, 4)
    if name == "elapsed":
        return f"{took / 1000:.3f}s"
    if name in ("took", "duration"):
        return f"{took:.1f}ms"
    return round(took, 2)


def _shown(fields: dict[str, object], service: Service) -> dict[str, object]:
    name = service.words.latency
    return {
        key: latency_in(name, value) if key == name and isinstance(value, float) else value
        for key, value in fields.items()
    }


def _json(service: Service, chance: Random) -> Layout:
    time, level = chance.choice(("ts", "time", "timestamp", "@timestamp")), chance.choice(("level", "severity", "lvl"))
    message, logger = chance.choice(("msg", "message")), chance.choice(("logger", "name_of_logger", "component"))
    stack, epoch = chance.choice(("stack", "stack_trace", "exception")), chance.random() < 0.2
    lower, typed = chance.random() < 0.6, chance.random() < 0.5

    def lay_out(event: Event) -> str:
        told: dict[str, object] = {time: event.at // 1000 if epoch and time != "@timestamp" else _iso(event.at)}
        told |= {level: event.level.lower() if lower else event.level, logger: event.logger, message: event.text}
        told |= _shown(event.fields, service)
        if event.failure is not None:
            name = event.failure.exception
            told["error"] = f"{name}: {event.failure_text}" if name else event.failure_text
            if typed and name:
                told["error_type"] = name
            trace = trace_of(event.failure, event.failure_text, service.language, service.package)
            if trace:
                told[stack] = "\n".join(trace)
        return json.dumps(told, ensure_ascii=False) + "\n"

    return lay_out


def _logfmt(service: Service, chance: Random) -> Layout:
    time, level = chance.choice(("ts", "time")), chance.choice(("level", "lvl"))

    def lay_out(event: Event) -> str:
        told: dict[str, object] = {time: _iso(event.at), level: event.level.lower(), "logger": event.logger}
        told |= {"msg": event.text, **_shown(event.fields, service)}
        if event.failure is not None:
            name = event.failure.exception
            told["err"] = f"{name}: {event.failure_text}" if name else event.failure_text
        return " ".join(f"{key}={_quoted(value)}" for key, value in told.items()) + "\n"

    return lay_out


def _quoted(value: object) -> str:
    text = "null" if value is None else str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(each in text for each in ' "=') else text


def _sentence(event: Event, service: Service, wrap: str) -> str:
    """The message with its fields behind it."""
    told = " ".join(f"{key}={_quoted(value)}" for key, value in _shown(event.fields, service).items())
    if not told:
        return event.text
    return f"{event.text} {told}" if not wrap else f"{event.text} {wrap[0]}{told}{wrap[1]}"


def _python(service: Service, chance: Random) -> Layout:
    wrap = chance.choice(("", "()", "[]"))
    style, mark = chance.randrange(3), chance.choice(",,.")

    def lay_out(event: Event) -> str:
        at, text = _spaced(event.at, mark), _sentence(event, service, wrap)
        heads = (
            f"{at} {event.level} [{service.name}.{event.logger}] ",
            f"{at} - {service.name}.{event.logger} - {event.level} - ",
            f"{at} {event.level:<8} {service.name}.{event.logger}: ",
        )
        return heads[style] + text + _below(event, service) + "\n"

    return lay_out


def _log4j(service: Service, chance: Random) -> Layout:
    style, pool = chance.randrange(2), chance.choice(("http-nio-8080-exec", "XNIO-1 task", "worker"))

    def lay_out(event: Event) -> str:
        level = event.level.replace("WARNING", "WARN").replace("CRITICAL", "FATAL")
        thread = f"{pool}-{event.at // 1000 % 30 + 1}"
        logger = f"com.acme.{service.name.replace('-', '')}.{event.logger.title()}Service"
        text = _sentence(event, service, "")
        if style:
            line = f"{_spaced(event.at, ',')} {level:<5} [{thread}] {logger} - {text}"
        else:
            line = f"{_spaced(event.at, '.')}  {level:<5} 7 --- [{thread:>15.15}] {logger:<40} : {text}"
        return line + _below(event, service) + "\n"

    return lay_out


def _node(service: Service, chance: Random) -> Layout:
    style = chance.randrange(2)

    def lay_out(event: Event) -> str:
        level = event.level.replace("WARNING", "WARN").replace("CRITICAL", "ERROR")
        text = _sentence(event, service, "")
        head = f"[{_iso(event.at)}] {level}: " if style else f"{_iso(event.at)} [{service.name}] {level.lower()}: "
        return head + text + _below(event, service) + "\n"

    return lay_out


def _below(event: Event, service: Service) -> str:
    """The stack trace, or the error at the line's end where the language writes none."""
    if event.failure is None:
        return ""
    trace = trace_of(event.failure, event.failure_text, service.language, service.package)
    return "".join(f"\n{line}" for line in trace) if trace else f" error={_quoted(event.failure_text)}"


def access_layout(chance: Random) -> Layout:
    """The access log of a proxy: combined, or with the time it took."""
    timed, ids = chance.random() < 0.7, chance.random() < 0.6
    agents = ("Mozilla/5.0 (X11; Linux x86_64)", "okhttp/4.12.0", "python-requests/2.32", "curl/8.5.0")

    def lay_out(event: Event) -> str:
        told, at = event.fields, to_datetime(event.at)
        client = f"10.{event.at % 7}.{event.at // 7 % 250}.{event.at // 1750 % 250}"
        line = (
            f'{client} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "{told["method"]} {told["path"]} HTTP/1.1" {told["status"]} '
            f'{event.at // 11 % 9000 + 120} "-" "{agents[event.at // 13 % len(agents)]}"'
        )
        if timed:
            line += f" {float(str(told['latency'])) / 1000:.3f}"
        if ids:
            line += f" {told.get('id') or '-'}"
        return line + "\n"

    return lay_out
