"""What one request leaves behind in the shop's logs, from its first line to the last of its jobs. Pure.

Every function takes its randomness as `dice`, the time the request begins, and the list that its entries go to.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from cockpit.clock import SECOND
from cockpit.demo import lines
from cockpit.demo.story import LARGEST_CART
from cockpit.demo.tracebacks import Tracebacks

RESTART = 1_500_000
"""How long after a deploy nothing answers (microseconds)."""
LARGE_BASKET = 100

_PRODUCTS = ("mug", "tea", "pot", "tin", "jar", "cup", "box", "pen", "ink", "bag")
_COUPONS = ("SPRING", "HELLO10", "FRIENDS", "TEATIME")
_STATEMENTS = (
    "UPDATE stock SET in_stock = in_stock - %s WHERE sku = %s",
    "INSERT INTO orders (id, user_id, amount_cents) VALUES (%s, %s, %s)",
)
_SCANNED = ("/wp-login.php", "/.env", "/admin/config.php", "/xmlrpc.php")


@dataclass(frozen=True, slots=True)
class Release:
    """What runs from `at` (microseconds since the epoch, UTC) on. `version`: its short commit."""

    at: int
    version: str
    tracebacks: Tracebacks


@dataclass(frozen=True, slots=True, order=True)
class Checkout:
    """A user goes to checkout with so many items, for the n-th time. Sorts by time."""

    at: int
    user: int
    items: int
    attempt: int = 1


def request_id(dice: Random) -> str:
    return f"req-{dice.getrandbits(48):012x}"


def anyone(dice: Random) -> int:
    """A user: a few come often, most seldom."""
    return 1000 + int(38000 * dice.random() ** 2)


def restart(release: Release, into: list[lines.Entry]) -> None:
    """A deploy: two web processes and two workers start anew."""
    for process in range(2):
        at = release.at + RESTART - 240_000 * process
        into.append(lines.app(at, "info", "shop.api", f"starting shop version={release.version}", ""))
        message = f"starting worker version={release.version}"
        into.append(lines.worker(at + 511_000, "INFO", "worker.main", "-", message))


def refused(dice: Random, at: int, request: str, user: int, into: list[lines.Entry]) -> None:
    """A request while nothing answers: the proxy says so by itself."""
    into.append(lines.access(at, user, request, 502, 157, request_id(dice), 400))


def health(dice: Random, at: int, into: list[lines.Entry]) -> None:
    took = dice.randrange(700, 2500)
    into.append(lines.access(at + took, 0, "GET /health", 200, 12, request_id(dice), took))


def browse(dice: Random, at: int, into: list[lines.Entry]) -> None:
    """Look at products or orders."""
    random = dice.random()
    user = anyone(dice)
    took = int(3000 + dice.expovariate(1 / 9000))
    status, size = 200, int(400 + 9000 * dice.random())
    if random < 0.12:
        request = "GET /orders"
    elif random < 0.55:
        request = f"GET /products?prefix={_PRODUCTS[int(dice.random() * 10)]}"
    elif random < 0.996:
        request = "GET /products"
    else:
        request, status, size = f"GET {_SCANNED[int(dice.random() * 4)]}", 404, 58
    into.append(lines.access(at + took, user, request, status, size, request_id(dice), took))
    if random > 0.998:
        ms = 400 + dice.expovariate(1 / 300)
        fields = f', "statement": "{_STATEMENTS[random > 0.999]}", "duration_ms": {ms:.1f}'
        into.append(lines.app(at + took, "warning", "shop.database", "slow query", fields))


def fill_cart(dice: Random, at: int, into: list[lines.Entry]) -> None:
    """Put something into a cart."""
    user = anyone(dice)
    items = 1 + int(dice.expovariate(0.2))
    name = request_id(dice)
    took = int(2000 + dice.expovariate(1 / 4000))
    fields = f', "request_id": "{name}", "user_id": {user}, "items": {items}'
    into.append(lines.app(at + took - 700, "info", "shop.cart", "cart updated", fields))
    into.append(lines.access(at + took, user, "POST /cart/items", 200, 12 + len(str(items)), name, took))


def somebodys_cart(dice: Random, at: int) -> Checkout:
    """Who comes to checkout, and with how much: most with a few items, wholesale customers with hundreds."""
    random = dice.random()
    if random < 0.019:
        return large_cart(dice, at)
    if random < 0.06:
        user = 40000 + int(90 * dice.random()) if random < 0.043 else anyone(dice)
        return Checkout(at, user, int(LARGE_BASKET + (LARGEST_CART - LARGE_BASKET) * dice.random() ** 1.5) + 1)
    return Checkout(at, anyone(dice), 1 + int(dice.expovariate(0.14)))


def large_cart(dice: Random, at: int) -> Checkout:
    """A wholesale customer with more items than the faulty version can sum."""
    return Checkout(at, 40000 + int(90 * dice.random()), LARGEST_CART + 1 + int(dice.expovariate(1 / 450)))


def check_out(dice: Random, visit: Checkout, release: Release, into: list[lines.Entry]) -> Checkout | None:
    """One checkout, to its end. Gives the next try where it failed and the user tries again."""
    name = request_id(dice)
    fields = f', "request_id": "{name}", "user_id": {visit.user}, "items": {visit.items}'
    read = int(1500 + visit.items * 4)
    at = visit.at + read
    into.append(lines.app(at, "info", "shop.checkout", "checkout started", fields))
    fails = visit.items > LARGEST_CART and release.tracebacks.checkout
    if visit.items > LARGE_BASKET:
        _check_fraud(dice, at + dice.randrange(30_000, 400_000), name, visit, release, into)
    if fails:
        took = read + dice.randrange(1500, 9000)
        end = visit.at + took
        traceback = release.tracebacks.checkout
        into.append(lines.app(end, "error", "shop.api", "unhandled exception in handler", fields, traceback))
        into.append(lines.access(end + 600, visit.user, "POST /checkout", 500, 69, name, took + 600))
        if visit.attempt < 3 and dice.random() < 0.5:
            later = visit.at + int((4 + 20 * dice.random()) * SECOND)
            return Checkout(later, visit.user, visit.items, visit.attempt + 1)
        return None
    _pay(dice, visit, read, name, fields, release, into)
    return None


def _check_fraud(dice: Random, at: int, name: str, visit: Checkout, release: Release, into: list[lines.Entry]) -> None:
    if visit.items > LARGEST_CART and release.tracebacks.fraud_check:
        message = f"job fraud_check failed for user {visit.user}"
        into.append(lines.worker(at, "ERROR", "worker.fraud", name, message, release.tracebacks.fraud_check))
        return
    score = dice.expovariate(20)
    into.append(lines.worker(at, "INFO", "worker.fraud", name, f"basket of {visit.items} items scored {score:.2f}"))


def _pay(
    dice: Random, visit: Checkout, read: int, name: str, fields: str, release: Release, into: list[lines.Entry]
) -> None:
    """From the sum to the order: the provider may time out, the bank may say no."""
    random = dice.random()
    took = read + int(45_000 + visit.items * 60 + dice.expovariate(1 / 60_000))
    status, size = 201, 52
    if random < 0.006:
        coupon = f', "user_id": {visit.user}, "coupon": "{_COUPONS[int(random * 666)]}"'
        into.append(lines.app(visit.at + read + 2100, "warning", "shop.checkout", "coupon rejected", coupon))
    if random > 0.997:
        took, status, size = read + 5_004_000 + int(dice.random() * 30_000), 504, 51
        text = "payment provider timed out"
        into.append(lines.app(visit.at + took, "error", "shop.api", text, fields, release.tracebacks.timeout))
    elif random > 0.985:
        status, size = 402, 34
        into.append(lines.app(visit.at + took, "warning", "shop.api", "card declined", fields))
    else:
        cents = int(visit.items * (400 + 2600 * dice.random()))
        paid = f', "amount_cents": {cents}, "duration_ms": {(took - read) / 1000:.1f}'
        into.append(lines.app(visit.at + took, "info", "shop.checkout", "order placed", fields + paid))
        _send_receipt(dice, visit.at + took, name, visit.user, release, into)
        if random > 0.981:
            sku = f"{_PRODUCTS[int(dice.random() * 10)]}-{dice.randrange(100, 160)}"
            low = f', "sku": "{sku}", "left": {dice.randrange(1, 20)}'
            into.append(lines.app(visit.at + took // 2, "warning", "shop.inventory", "stock is low", low))
    into.append(lines.access(visit.at + took + 600, visit.user, "POST /checkout", status, size, name, took + 600))


def _send_receipt(dice: Random, at: int, name: str, user: int, release: Release, into: list[lines.Entry]) -> None:
    took = 0.08 + dice.expovariate(4)
    at += int((0.02 + took) * SECOND)
    if dice.random() < 0.0007:
        address = f"{{'{user}@customers.shop.example': (550, b'5.1.1 mailbox unavailable')}}"
        message = f"job receipt failed for user {user}"
        into.append(lines.worker(at, "ERROR", "worker.mail", name, message, release.tracebacks.bounce + address))
        return
    into.append(lines.worker(at, "INFO", "worker.mail", name, f"receipt sent to user {user} in {took:.2f} s"))


def sync_stock(dice: Random, at: int, into: list[lines.Entry]) -> None:
    """The job of every minute."""
    took = 0.4 + dice.expovariate(3)
    message = f"stock synced: 1240 products in {took:.2f} s"
    into.append(lines.worker(at + int(took * SECOND), "INFO", "worker.stock", "-", message))
