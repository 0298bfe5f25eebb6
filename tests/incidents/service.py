"""Fictional services: what they do, whom they call, how they name their fields and lay out their logs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.incidents.failures import Failure, wording


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that a service does; `{n}` in the path is an id. `peer`: the host that it calls, or empty."""

    method: str
    path: str
    share: float
    latency: float
    """Milliseconds, the median."""
    peer: str


@dataclass(frozen=True, slots=True)
class Words:
    """How the fields of a log are called."""

    user: str
    tenant: str
    country: str
    plan: str
    endpoint: str
    items: str
    size: str
    latency: str
    status: str
    peer: str
    request: str
    name: str
    optional: str


@dataclass(frozen=True, slots=True)
class Service:
    """`jobs`: it works off a queue, so it has no status numbers and no proxy before it."""

    name: str
    language: str
    package: str
    jobs: bool
    modules: tuple[str, ...]
    functions: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    words: Words
    tenants: tuple[str, ...]
    hosts: tuple[str, ...]

    @property
    def peers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(endpoint.peer for endpoint in self.endpoints if endpoint.peer))

    def failure(self, concept: str, chance: Random, status: int = 500) -> Failure:
        """An error of this service, with the frames where it arises."""
        exception, text = wording(concept, self.language)
        frames = tuple(
            (chance.choice(self.modules), chance.choice(self.functions), chance.randrange(20, 400))
            for _ in range(chance.randrange(2, 6))
        )
        return Failure(exception, text, status, frames=frames)


COUNTRIES = ("DE", "FR", "US", "GB", "NL", "ES", "IT", "PL", "SE", "BR", "JP", "CH")
PLANS = ("free", "basic", "team", "business", "enterprise")

_SHOP = ("cart", "pricing", "orders", "handlers", "tax", "db"), ("total", "apply", "handle", "load", "submit", "wrap")
_STORIES: tuple[tuple[str, bool, tuple[tuple[str, ...], tuple[str, ...]], tuple[tuple[str, str, float, str], ...]], ...] = (
    (
        "checkout", False, _SHOP,
        (
            ("GET", "/catalog/{n}", 12, "search.internal"),
            ("POST", "/cart/items", 35, ""),
            ("GET", "/cart", 18, ""),
            ("POST", "/checkout", 140, "api.payfast.example"),
            ("GET", "/orders/{n}", 25, ""),
            ("POST", "/shipping/quote", 90, "rates.parcel.example"),
        ),
    ),
    (
        "gateway", False, (("router", "auth", "limits", "proxy", "tokens"), ("route", "check", "forward", "verify", "call")),
        (
            ("GET", "/v1/accounts/{n}", 15, "accounts.svc.cluster.local"),
            ("POST", "/v1/transfers", 80, "ledger.svc.cluster.local"),
            ("GET", "/v1/rates", 8, ""),
            ("POST", "/v1/sessions", 45, "idp.example.net"),
            ("PUT", "/v1/profile", 30, ""),
        ),
    ),
    (
        "mail-worker", True, (("queue", "render", "deliver", "templates", "tasks"), ("run", "render", "send", "fetch", "ack")),
        (
            ("JOB", "send_invoice", 220, "smtp.relay.example"),
            ("JOB", "render_pdf", 600, ""),
            ("JOB", "sync_contacts", 340, "crm.vendor.example"),
            ("JOB", "purge_drafts", 60, ""),
            ("JOB", "digest", 150, ""),
        ),
    ),
    (
        "search", False, (("query", "index", "ranking", "facets", "cache"), ("parse", "score", "collect", "merge", "fetch")),
        (
            ("GET", "/search", 45, "es-data.internal"),
            ("GET", "/suggest", 9, ""),
            ("POST", "/index/bulk", 180, ""),
            ("GET", "/facets", 28, "cache-1.internal"),
            ("POST", "/similar", 70, "embed.ml.internal"),
        ),
    ),
    (
        "media-api", False, (("upload", "thumbs", "store", "scan", "views"), ("save", "resize", "put", "inspect", "dispatch")),
        (
            ("POST", "/upload", 320, "s3.eu-central-1.example"),
            ("GET", "/media/{n}", 14, ""),
            ("POST", "/albums/{n}/share", 40, ""),
            ("POST", "/scan", 210, "clamav.internal"),
            ("DELETE", "/media/{n}", 22, ""),
        ),
    ),
    (
        "billing", False, (("invoices", "ledger", "usage", "rates", "api"), ("close", "post", "meter", "lookup", "serve")),
        (
            ("POST", "/usage", 12, ""),
            ("POST", "/invoices", 130, "tax.service.example"),
            ("GET", "/invoices/{n}", 20, ""),
            ("POST", "/payments", 240, "acquirer.bank.example"),
            ("GET", "/balance", 10, "redis-2.internal"),
        ),
    ),
    (
        "ingest", True, (("reader", "decode", "batch", "sink", "offsets"), ("poll", "decode", "flush", "write", "commit")),
        (
            ("JOB", "import_orders", 180, ""),
            ("JOB", "geocode_address", 110, "geo.maps.example"),
            ("JOB", "rebuild_feed", 420, ""),
            ("JOB", "export_report", 260, "warehouse.internal"),
        ),
    ),
    (
        "booking", False, (("seats", "fares", "holds", "rest", "store"), ("quote", "hold", "confirm", "find", "invoke")),
        (
            ("GET", "/availability", 55, "inventory.partner.example"),
            ("POST", "/holds", 65, ""),
            ("POST", "/bookings", 190, "pay.gateway.example"),
            ("GET", "/bookings/{n}", 18, ""),
            ("GET", "/fares", 30, ""),
        ),
    ),
)  # fmt: skip

_TENANTS = (
    *("acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "wonka", "tyrell", "cyberdyne", "soylent"),
    *("vandelay", "dunder", "pied-piper", "massive", "oscorp", "gringotts", "monarch", "aperture", "blackmesa"),
)


def invent(chance: Random) -> Service:
    """A service with a language, names and endpoints of its own."""
    name, jobs, (modules, functions), told = chance.choice(_STORIES)
    weights = [chance.uniform(0.6, 1.6) for _ in told]
    endpoints = tuple(
        Endpoint(method, path, weight / sum(weights), latency * chance.uniform(0.6, 1.7), peer)
        for (method, path, latency, peer), weight in zip(told, weights, strict=True)
    )
    return Service(
        name,
        chance.choice(("python", "python", "java", "java", "go", "node")),
        chance.choice(("srv", "opt", "app", "home/deploy")) + "/" + name.replace("-", "_"),
        jobs,
        modules,
        functions,
        endpoints,
        _words(chance),
        tuple(chance.sample(_TENANTS, chance.randrange(6, 16))),
        tuple(f"{name}-{number}" for number in range(1, chance.randrange(2, 5))),
    )


def _words(chance: Random) -> Words:
    pick = chance.choice
    return Words(
        user=pick(("user_id", "user", "uid", "account_id")),
        tenant=pick(("tenant", "org", "customer", "shop")),
        country=pick(("country", "geo", "region")),
        plan=pick(("plan", "tier")),
        endpoint=pick(("path", "endpoint", "route")),
        items=pick(("items", "item_count", "rows", "batch_size")),
        size=pick(("bytes", "payload_bytes", "body_size", "content_length")),
        latency=pick(("duration_ms", "elapsed", "took", "latency_us", "response_time_ms", "duration", "latency_s")),
        status=pick(("status", "status_code", "code")),
        peer=pick(("peer", "upstream", "host", "target")),
        request=pick(("request_id", "req_id", "trace_id", "correlation_id", "rid")),
        name=pick(("name", "customer_name", "label", "title")),
        optional=pick(("coupon", "phone", "vat_id", "address2")),
    )
