"""The fault is real: the shop's own code fails as its logs say, at the faulty commit and not at its parent."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.demo.build import Demo
from cockpit.demo.tracebacks import ROOT, tracebacks

# Stands in for the queue, the stock and the card provider, which this machine has not.
DRIVER = """
import sys
from shop import log
log.start()
from shop import api, checkout, database, inventory, jobs, payments, worker
left = []
jobs.enqueue = lambda kind, request_id, user_id, **more: left.append(
    {"kind": kind, "request_id": request_id, "user_id": user_id, **more})
inventory.reserve = payments.charge = database.execute = lambda *anything: None
worker.emails.send = lambda message: None
if sys.argv[2] == "late":
    def urlopen(*anything, **more):
        raise TimeoutError
    import importlib, urllib.request
    importlib.reload(payments)
    urllib.request.urlopen = urlopen
body = {"items": [{"sku": "mug-101", "price_cents": 1250, "discount_cents": 50}] * int(sys.argv[1])}
print(api.dispatch(api.Request("POST", "/checkout", body, 88121, "req-1"))[0])
for job in left:
    worker.run_job(job)
"""


def _check_out(folder: Path, items: int, how: str = "") -> tuple[int, list[dict[str, object]]]:
    """The status of a checkout and the lines it logs, by the code in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(items), how], cwd=folder, capture_output=True, text=True, check=True
    )
    status = int(done.stdout.split()[0])
    return status, [json.loads(line) for line in done.stderr.splitlines()]


def _as_logged(text: object, folder: Path) -> str:
    """A traceback as the service's Python 3.10 writes it: without marks below the code, under its own root."""
    plain = re.sub(r"\n +[~^]+(?=\n)", "", str(text))
    return plain.replace(str(folder), ROOT)


@pytest.fixture(scope="module")
def versions(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The shop at its parent, at the faulty commit and as deployed."""
    folders = {}
    for name, commit in (("parent", demo.faulty + "^"), ("faulty", demo.faulty), ("deployed", "HEAD")):
        folders[name] = tmp_path_factory.mktemp(name)
        archive = subprocess.run(
            ["git", "-C", str(demo.repo), "archive", commit], capture_output=True, check=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", str(folders[name])], input=archive, check=True)
    return folders


@pytest.mark.parametrize("items", [1, 999, 1000])
def test_small_carts_are_sold_by_every_version(versions: dict[str, Path], items: int) -> None:
    answers = {name: _check_out(folder, items) for name, folder in versions.items()}
    assert {status for status, _ in answers.values()} == {201}
    amounts = {line["amount_cents"] for _, said in answers.values() for line in said if line["msg"] == "order placed"}
    assert amounts == {items * 1440}


@pytest.mark.parametrize("items", [1001, 2000, 2001, 5321])
def test_large_carts_fail_from_the_faulty_commit_on(versions: dict[str, Path], items: int) -> None:
    assert _check_out(versions["parent"], items)[0] == 201
    assert _check_out(versions["faulty"], items)[0] == 500
    assert _check_out(versions["deployed"], items)[0] == 500


def test_the_logged_tracebacks_are_those_of_the_deployed_code(
    versions: dict[str, Path], demo: Demo, history: tuple[list[str], ...]
) -> None:
    folder = versions["deployed"]
    _, said = _check_out(folder, 1204)
    handler, job = (_as_logged(line["exc_info"], folder) for line in said if "exc_info" in line)
    expected = demo.plot().releases[-1].tracebacks
    assert handler == expected.checkout
    assert job == expected.fraud_check
    assert handler.endswith("TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'")
    logged = [json.loads(line) for line in history[0] if "unhandled exception in handler" in line]
    assert {line["exc_info"] for line in logged} == {handler}
    real = next(line for line in said if line["msg"] == "unhandled exception in handler")
    assert list(logged[0]) == list(real), "the demo's lines have the members that the shop's formatter writes"


def test_the_timeout_is_logged_as_the_code_would(versions: dict[str, Path], demo: Demo) -> None:
    folder = versions["deployed"]
    status, said = _check_out(folder, 3, "late")
    assert status == 504
    real = next(line for line in said if line["msg"] == "payment provider timed out")
    assert _as_logged(real["exc_info"], folder) == demo.plot().releases[-1].tracebacks.timeout


def test_the_release_before_has_other_line_numbers_and_no_fault(demo: Demo) -> None:
    before, last = demo.plot().releases[-2:]
    assert before.tracebacks.checkout == before.tracebacks.fraud_check == ""
    assert before.tracebacks.timeout != last.tracebacks.timeout


def test_every_message_in_the_logs_is_in_the_code(demo: Demo, history: tuple[list[str], ...]) -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted(demo.repo.glob("shop/*.py")))
    messages = {json.loads(line)["msg"].partition("=")[0] for line in history[0]}
    assert len(messages) >= 8
    assert [message for message in messages if message not in code] == []


def test_a_frame_that_is_not_in_its_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not in list"):
        tracebacks(dict.fromkeys(("shop/cart.py", "shop/api.py", "shop/checkout.py", "shop/worker.py"), ""))


def test_the_shop_passes_its_own_tests(versions: dict[str, Path]) -> None:
    code = (
        "import runpy, sys; sys.path.insert(0, '.'); t = runpy.run_path('tests/test_cart.py');"
        "[f() for n, f in t.items() if n.startswith('test_')]"
    )
    for folder in versions.values():
        subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
