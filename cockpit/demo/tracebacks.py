"""The tracebacks of the demo's errors, with the line numbers that the shop's files have in one version. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.demo.story import Tree

ROOT = "/srv/shop"
"""Where the service's checkout would be in production; the frames name files there."""

_API = (
    ("shop/api.py", "dispatch", "return handler(request)"),
    ("shop/api.py", "post_checkout", "order = checkout.place_order(basket, request.request_id)"),
)
_SUM = ("shop/cart.py", "total_cents", "total = total + sum_chunk(items[start:stop], stop)")
_CHECKOUT = (*_API, ("shop/checkout.py", "place_order", "amount = cart.total_cents(basket.items)"), _SUM)
_FRAUD = (
    ("shop/worker.py", "run_job", "handler(job, log)"),
    ("shop/worker.py", "check_fraud", "mean_cents = cart.total_cents(items) / len(items)"),
    _SUM,
)
_TIMEOUT = (
    *_API,
    ("shop/checkout.py", "place_order", "payments.charge(order.user_id, order.amount_cents, order.id)"),
    (
        "shop/payments.py",
        "charge",
        'raise PaymentTimeout(f"no answer within {config.PAYMENT_TIMEOUT} s") from None',
    ),
)
_BOUNCE = (
    ("shop/worker.py", "run_job", "handler(job, log)"),
    ("shop/worker.py", "send_receipt", 'emails.send(emails.receipt(job["order"]))'),
    ("shop/emails.py", "send", "smtp.send_message(message)"),
)
_SMTPLIB = """\
  File "/usr/local/lib/python3.10/smtplib.py", line 986, in send_message
    return self.sendmail(from_addr, to_addrs, flatmsg, mail_options,
  File "/usr/local/lib/python3.10/smtplib.py", line 901, in sendmail
    raise SMTPRecipientsRefused(senderrs)
"""
_FAULT = "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'"


@dataclass(frozen=True, slots=True)
class Tracebacks:
    """The tracebacks that one version of the shop can log, without a last newline; empty where it cannot fail so."""

    checkout: str
    fraud_check: str
    timeout: str
    bounce: str
    """Ends where the refused address follows."""


def tracebacks(tree: Tree) -> Tracebacks:
    """The tracebacks for one version's files. Raises ValueError where a frame's line is not in its file."""
    faulty = _SUM[2] in tree["shop/cart.py"]
    return Tracebacks(
        checkout=_traceback(tree, _CHECKOUT) + _FAULT if faulty else "",
        fraud_check=_traceback(tree, _FRAUD) + _FAULT if faulty else "",
        timeout=_traceback(tree, _TIMEOUT) + "shop.payments.PaymentTimeout: no answer within 5.0 s",
        bounce=_traceback(tree, _BOUNCE) + _SMTPLIB + "smtplib.SMTPRecipientsRefused: ",
    )


def _traceback(tree: Tree, frames: tuple[tuple[str, str, str], ...]) -> str:
    """Python's own form, each line ended."""
    text = "Traceback (most recent call last):\n"
    for path, function, line in frames:
        number = [source.strip() for source in tree[path].split("\n")].index(line) + 1
        text += f'  File "{ROOT}/{path}", line {number}, in {function}\n    {line}\n'
    return text
