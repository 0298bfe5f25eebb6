"""Makes the large logs that benchmarks read, once per folder."""

from __future__ import annotations

import json
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

_START = 1_764_000_000
_STACK = """Traceback (most recent call last):
  File "/srv/shop/cart.py", line 88, in total
    return sum(prices)
TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'
"""


def text_log(folder: Path, megabytes: int) -> Path:
    """A log of text lines, about 115 bytes each, ten milliseconds apart; its last line says LAST."""
    path = folder / f"text-{megabytes}.log"
    wanted = megabytes * 1_000_000
    if path.exists() and path.stat().st_size >= wanted:
        return path
    chance = random.Random(1)
    written, number = 0, 0
    with path.open("wb") as file:
        while written < wanted:
            written += file.write("".join(_line(number + n, chance) for n in range(20_000)).encode())
            number += 20_000
        file.write(_line(number, chance).replace("handled", "LAST").encode())
    return path


def repeated_log(folder: Path, megabytes: int, times: int) -> Path:
    """The log of `text_log`, so many times over."""
    once = text_log(folder, megabytes)
    path = folder / f"text-{megabytes}-{times}-times.log"
    size = once.stat().st_size
    if not path.exists() or path.stat().st_size != size * times:
        with once.open("rb") as source, path.open("wb") as file:
            for _ in range(times):
                source.seek(0)
                shutil.copyfileobj(source, file, 1 << 22)
    return path


def json_log(folder: Path, records: int) -> Path:
    """A log of JSON objects, about 225 bytes each, ten milliseconds apart."""
    path = folder / f"json-{records}.log"
    if path.exists():
        return path
    chance = random.Random(2)
    with path.open("w") as file:
        for number in range(records):
            when = datetime.fromtimestamp(_START + number / 100, UTC)
            fields = {
                "ts": f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z",
                "level": chance.choice(("info", "info", "info", "warning", "error", "debug")),
                "logger": "shop.cart",
                "msg": f"request {number} handled",
                "user_id": chance.randrange(100_000),
                "status": chance.choice((200, 200, 200, 201, 404, 500)),
                "path": f"/api/v1/items/{number % 977}",
                "duration_ms": round(chance.random() * 500, 2),
                "request_id": f"{chance.getrandbits(64):016x}",
            }
            file.write(json.dumps(fields) + "\n")
    return path


def access_log(folder: Path, records: int) -> Path:
    """An access log of about 200 bytes a line, ten milliseconds apart; four lines of a hundred say 5xx."""
    path = folder / f"access-{records}.log"
    if path.exists():
        return path
    chance = random.Random(3)
    statuses = (200,) * 40 + (304,) * 5 + (404,) * 3 + (500, 502)
    with path.open("w") as file:
        for number in range(records):
            when = datetime.fromtimestamp(_START + number / 100, UTC)
            client = ".".join(str(chance.randrange(256)) for _ in range(4))
            method = chance.choice(("GET", "GET", "GET", "POST"))
            request = f"{method} /api/v1/items/{number % 977}?page={number % 7} HTTP/1.1"
            file.write(
                f'{client} - - [{when:%d/%b/%Y:%H:%M:%S} +0000] "{request}" {chance.choice(statuses)} '
                f'{chance.randrange(200, 90_000)} "https://shop.example/cart" "Mozilla/5.0 (X11; Linux x86_64)"\n'
            )
    return path


def trace_log(folder: Path, megabytes: int) -> Path:
    """A log of requests, about 135 bytes a line, with request ids; at its end more errors with a stack trace.

    Its last error is the last but twenty of its records.
    """
    path = folder / f"trace-{megabytes}.log"
    wanted = megabytes * 1_000_000
    if path.exists() and path.stat().st_size >= wanted:
        return path
    chance = random.Random(5)
    requests = [f"{chance.getrandbits(64):016x}" for _ in range(50)]
    written, number = 0, 0
    with path.open("w") as file:
        while written < wanted:
            often = 0.004 if written > wanted * 0.7 else 0.00004
            lines = [_traced(number + nth, requests, chance, often) for nth in range(20_000)]
            written += file.write("".join(lines))
            number += 20_000
        file.write(_traced(number, requests, chance, 1.0))
        file.write("".join(_traced(number, requests, chance, 0.0) for _ in range(20)))
    return path


def _traced(number: int, requests: list[str], chance: random.Random, often: float) -> str:
    """A line of a request, or seldom its error with a stack trace."""
    when = datetime.fromtimestamp(_START + number / 100, UTC)
    at = f"{when:%Y-%m-%d %H:%M:%S},{when.microsecond // 1000:03d}"
    place = chance.randrange(len(requests))
    if chance.random() < 0.3:
        requests[place] = f"{chance.getrandbits(64):016x}"
    user, asked = chance.randrange(100_000), f"request_id={requests[place]}"
    if chance.random() < often:
        items = chance.randrange(1001, 4000)
        return f"{at} ERROR shop.cart Cannot sum the cart of user {user}: {items} items {asked}\n{_STACK}"
    path = f"/api/v1/items/{number % 977}"
    return f"{at} INFO shop.cart GET {path} handled user={user} in {chance.random():.3f}s status=200 {asked}\n"


def _line(number: int, chance: random.Random) -> str:
    when = datetime.fromtimestamp(_START + number / 100, UTC)
    level = chance.choice(("INFO", "INFO", "INFO", "INFO", "DEBUG", "WARNING", "ERROR"))
    return (
        f"{when:%Y-%m-%d %H:%M:%S},{when.microsecond // 1000:03d} {level} shop.cart Request {number} handled "
        f"user={chance.randrange(100000)} in {chance.random():.3f}s path=/api/v1/items/{number % 977}\n"
    )


def faulty_log(folder: Path, records: int) -> Path:
    """JSON requests, ten milliseconds apart; from 70 % on, after a deploy, those with more than 1000 items fail."""
    path = folder / f"faulty-{records}.log"
    if path.exists():
        return path
    chance = random.Random(5)
    onset = int(records * 0.7)
    with path.open("w") as file:
        for number in range(0, records, 2):
            when = datetime.fromtimestamp(_START + number / 100, UTC)
            stamp = f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"
            items = chance.choice((1, 2, 3, 5, 8, 40)) if chance.random() < 0.98 else chance.randrange(900, 1500)
            shared = {"ts": stamp, "logger": f"shop.{chance.choice(('cart', 'search', 'users'))}"}
            request = {"request_id": f"{chance.getrandbits(64):016x}", "user_id": chance.randrange(100_000)}
            if number in (0, onset - onset % 2):
                version = "4f2c1a9" if number else "81ab332"
                file.write(json.dumps({**shared, "level": "info", "msg": "starting shop", "version": version}) + "\n")
            path_of = f"/{chance.choice(('cart', 'search', 'orders', 'users'))}/{number % 977}"
            asked = {"level": "info", "msg": "request began", **request, "path": path_of, "items": items}
            file.write(json.dumps({**shared, **asked}) + "\n")
            wrong = number >= onset and items > 1000
            done = {"level": "info", "msg": "request ended", "status": 200, "duration_ms": chance.randrange(5, 300)}
            if wrong or chance.random() < 0.0002:
                error = "TypeError: unsupported operand" if wrong else f"TimeoutError: db-{chance.randrange(3)}"
                done = {"level": "error", "msg": "unhandled exception in handler", "error": error}
            file.write(json.dumps({**shared, **done, **request}) + "\n")
    return path
