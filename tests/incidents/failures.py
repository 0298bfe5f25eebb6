"""The errors that services write, as each language words them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """An error: its exception's name (empty: none is named), its text with places in braces, the status it answers."""

    exception: str
    text: str
    status: int = 500
    level: str = "ERROR"
    frames: tuple[tuple[str, str, int], ...] = ()
    """(file, function, line) from the outermost call to where it was raised."""


_LANGUAGES = ("python", "java", "go", "node")

# concept: (exception, text) in python, java, go, node
_BUGS: dict[str, tuple[tuple[str, str], ...]] = {
    "none": (
        ("TypeError", "unsupported operand type(s) for +: 'int' and 'NoneType'"),
        (
            "java.lang.NullPointerException",
            'Cannot invoke "java.math.BigDecimal.add(BigDecimal)" because "sum" is null',
        ),
        ("", "runtime error: invalid memory address or nil pointer dereference"),
        ("TypeError", "Cannot read properties of undefined (reading 'amount')"),
    ),
    "key": (
        ("KeyError", "'shipping_zone'"),
        ("java.util.NoSuchElementException", "No value present"),
        ("", 'template: invoice: no entry for key "shipping_zone"'),
        ("ReferenceError", "shippingZone is not defined"),
    ),
    "column": (
        (
            "UndefinedColumn",
            'column "discount_code" does not exist, LINE 1: SELECT id, discount_code FROM orders WHERE id = {n}',
        ),
        ("org.postgresql.util.PSQLException", 'ERROR: column "discount_code" does not exist, Position: {small}'),
        ("", 'pq: column "discount_code" does not exist'),
        ("QueryFailedError", 'column "discount_code" does not exist'),
    ),
    "argument": (
        ("TypeError", "render() got an unexpected keyword argument 'currency'"),
        ("java.lang.NoSuchMethodError", "'void com.acme.common.Money.render(java.util.Currency)'"),
        ("", "json: cannot unmarshal string into Go struct field Order.total of type int64"),
        ("TypeError", "this.pricing.render is not a function"),
    ),
    "assertion": (
        ("AssertionError", "total {n} does not match sum of lines {n}"),
        ("java.lang.IllegalStateException", "total {n} does not match sum of lines {n}"),
        ("", "total {n} does not match sum of lines {n}"),
        ("AssertionError", "total {n} does not match sum of lines {n}"),
    ),
}

_DATA: dict[str, tuple[tuple[str, str], ...]] = {
    "category": (
        ("LookupError", "no tax rule matches the request"),
        ("com.acme.rules.RuleNotFoundException", "no rule matches the request {hex}"),
        ("", "rule set: no match for request"),
        ("RuleError", "no rule matched"),
    ),
    "rounding": (
        ("decimal.InvalidOperation", "[<class 'decimal.ConversionSyntax'>]"),
        ("java.lang.NumberFormatException", 'For input string: "{small},00"'),
        ("", 'strconv.ParseFloat: parsing "{small},00": invalid syntax'),
        ("RangeError", "Invalid number format: {small},00"),
    ),
    "large": (
        ("ValueError", "too many values in one statement"),
        ("java.sql.SQLException", "Prepared statement holds more parameters than the limit"),
        ("", "pq: got more parameters than PostgreSQL supports"),
        ("RangeError", "Maximum call stack size exceeded"),
    ),
    "missing": (
        ("AttributeError", "'NoneType' object has no attribute 'strip'"),
        ("java.lang.NullPointerException", 'Cannot invoke "String.trim()" because the return value is null'),
        ("", "runtime error: invalid memory address or nil pointer dereference"),
        ("TypeError", "Cannot read properties of null (reading 'trim')"),
    ),
    "unicode": (
        ("UnicodeEncodeError", "'latin-1' codec can't encode character in position {small}: ordinal not in range(256)"),
        ("java.nio.charset.UnmappableCharacterException", "Input length = 1"),
        ("", "encoding: rune not supported by encoding."),
        ("URIError", "URI malformed"),
    ),
    "long": (
        ("StringDataRightTruncation", "value too long for type character varying(64)"),
        ("org.postgresql.util.PSQLException", "ERROR: value too long for type character varying(64)"),
        ("", "pq: value too long for type character varying(64)"),
        ("QueryFailedError", "value too long for type character varying(64)"),
    ),
}

_LOAD: dict[str, tuple[tuple[str, str], ...]] = {
    "pool": (
        (
            "sqlalchemy.exc.TimeoutError",
            "QueuePool limit of size 10 overflow 5 reached, connection timed out, timeout 30.00",
        ),
        (
            "java.sql.SQLTransientConnectionException",
            "HikariPool-1 - Connection is not available, request timed out after 300{small}ms.",
        ),
        ("", "acquire connection: context deadline exceeded, pool exhausted (max 15, in use 15, waiting {small})"),
        ("SequelizeConnectionAcquireTimeoutError", "Operation timeout: the pool is probably full"),
    ),
    "memory": (
        ("MemoryError", "Unable to allocate {small}.0 MiB"),
        ("java.lang.OutOfMemoryError", "GC overhead limit exceeded"),
        ("", "cannot allocate {n} bytes: memory limit of the container reached"),
        ("RangeError", "Array buffer allocation failed"),
    ),
    "queue": (
        ("queue.Full", "request queue is full: 1000 of 1000"),
        (
            "java.util.concurrent.RejectedExecutionException",
            "Task rejected from ThreadPoolExecutor[Running, pool size = 64, active threads = 64, queued tasks = 1000]",
        ),
        ("", "work queue is full (1000), dropping request"),
        ("QueueFullError", "queue length 1000 reached its limit"),
    ),
    "files": (
        ("OSError", "[Errno 24] Too many open files: '/var/tmp/upload-{hex}'"),
        ("java.net.SocketException", "Too many open files"),
        ("", "accept tcp [::]:8080: accept4: too many open files"),
        ("Error", "EMFILE: too many open files, open '/var/tmp/upload-{hex}'"),
    ),
    "timeout": (
        ("asyncio.TimeoutError", "request was not finished within 30 s, {small} requests in flight"),
        ("org.springframework.web.context.request.async.AsyncRequestTimeoutException", "handler exceeded 30000 ms"),
        ("", "handler timed out after 30s, {small} in flight"),
        ("TimeoutError", "handler exceeded 30000 ms"),
    ),
    "shed": (
        ("OverloadError", "concurrency limit reached: 128 in flight, shedding request"),
        ("io.github.resilience4j.bulkhead.BulkheadFullException", "Bulkhead 'main' is full and rejects further calls"),
        ("", "concurrency limit 128 reached, shedding request"),
        ("OverloadError", "event loop lag {small}00 ms, shedding request"),
    ),
}

_PEER: dict[str, tuple[tuple[str, str], ...]] = {
    "429": (
        ("requests.exceptions.HTTPError", "429 Client Error: Too Many Requests for url: https://{peer}/v2/{small}"),
        (
            "org.springframework.web.client.HttpClientErrorException",
            "429 Too Many Requests from POST https://{peer}/v2",
        ),
        ("", "POST https://{peer}/v2: unexpected status 429 Too Many Requests"),
        ("AxiosError", "Request to https://{peer}/v2 failed with status code 429"),
    ),
    "timeout": (
        (
            "requests.exceptions.ReadTimeout",
            "HTTPSConnectionPool(host='{peer}', port=443): Read timed out. (read timeout=5)",
        ),
        ("java.net.SocketTimeoutException", "Read timed out: {peer}:443 after 5000 ms"),
        ("", 'Post "https://{peer}/v2": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'),
        ("AxiosError", "timeout of 5000ms exceeded, https://{peer}/v2"),
    ),
    "refused": (
        ("ConnectionRefusedError", "[Errno 111] Connection refused: {peer}:8443"),
        ("java.net.ConnectException", "Connection refused: {peer}/10.0.{small}.7:8443"),
        ("", "dial tcp {peer}:8443: connect: connection refused"),
        ("Error", "connect ECONNREFUSED {peer}:8443"),
    ),
    "reset": (
        ("ConnectionResetError", "[Errno 104] Connection reset by peer: {peer}"),
        ("java.net.SocketException", "Connection reset while reading from {peer}"),
        ("", "read tcp 10.0.3.7:{port}->{peer}:443: read: connection reset by peer"),
        ("Error", "read ECONNRESET {peer}:443"),
    ),
    "certificate": (
        (
            "ssl.SSLCertVerificationError",
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired: {peer}",
        ),
        ("javax.net.ssl.SSLHandshakeException", "PKIX path validation failed: certificate expired: {peer}"),
        ("", 'Post "https://{peer}/v2": x509: certificate has expired or is not yet valid'),
        ("Error", "CERT_HAS_EXPIRED: certificate has expired, https://{peer}/v2"),
    ),
    "dns": (
        ("socket.gaierror", "[Errno -3] Temporary failure in name resolution: {peer}"),
        ("java.net.UnknownHostException", "{peer}: Temporary failure in name resolution"),
        ("", "dial tcp: lookup {peer} on 10.0.0.2:53: no such host"),
        ("Error", "getaddrinfo EAI_AGAIN {peer}"),
    ),
    "503": (
        ("requests.exceptions.HTTPError", "503 Server Error: Service Unavailable for url: https://{peer}/v2"),
        (
            "org.springframework.web.client.HttpServerErrorException",
            "503 Service Unavailable from POST https://{peer}/v2",
        ),
        ("", "POST https://{peer}/v2: unexpected status 503 Service Unavailable"),
        ("AxiosError", "Request to https://{peer}/v2 failed with status code 503"),
    ),
}

_BACKGROUND: dict[str, tuple[tuple[str, str], ...]] = {
    "pdf": (
        ("RenderError", "font 'Inter' has no glyph {n}"),
        ("com.acme.pdf.RenderException", "font 'Inter' has no glyph {n}"),
        ("", "render pdf: font has no glyph {n}"),
        ("RenderError", "font has no glyph {n}"),
    ),
    "stale": (
        ("StaleDataError", "UPDATE statement on table 'sessions' expected to update 1 row(s); 0 were matched."),
        ("org.hibernate.StaleObjectStateException", "Row was updated or deleted by another transaction: Session#{n}"),
        ("", "update session {n}: version conflict"),
        ("VersionError", 'No matching document found for id "{hex}"'),
    ),
    "token": (
        ("jwt.InvalidTokenError", "Signature has expired, token {hex}"),
        ("io.jsonwebtoken.SignatureException", "JWT signature does not match, token {hex}"),
        ("", "verify token {hex}: signature is invalid"),
        ("JsonWebTokenError", "invalid signature {hex}"),
    ),
    "deadlock": (
        ("DeadlockDetected", "deadlock detected, process {n} waits for ShareLock on transaction {n}"),
        ("org.postgresql.util.PSQLException", "ERROR: deadlock detected, process {n} waits for ShareLock"),
        ("", "pq: deadlock detected"),
        ("QueryFailedError", "deadlock detected"),
    ),
    "image": (
        ("UnidentifiedImageError", "cannot identify image file <_io.BytesIO object at 0x{hex}>"),
        ("javax.imageio.IIOException", "Unsupported Image Type"),
        ("", "decode avatar: image: unknown format"),
        ("Error", "Input buffer contains unsupported image format"),
    ),
    "webhook": (
        ("WebhookError", "hooks.partner-{small}.example answered 410 Gone"),
        ("com.acme.hooks.DeliveryException", "hooks.partner-{small}.example answered 410 Gone"),
        ("", "deliver webhook: hooks.partner-{small}.example answered 410"),
        ("WebhookError", "hooks.partner-{small}.example answered 410"),
    ),
}

BUGS, DATA, LOAD, PEER, BACKGROUND = tuple(_BUGS), tuple(_DATA), tuple(_LOAD), tuple(_PEER), tuple(_BACKGROUND)
_ALL = {**_BUGS, **_DATA, **_LOAD, **_BACKGROUND, **{f"peer {name}": told for name, told in _PEER.items()}}


def wording(concept: str, language: str) -> tuple[str, str]:
    """The exception's name and its text; errors of a peer are named `peer <variant>`."""
    return _ALL[concept][_LANGUAGES.index(language)]
