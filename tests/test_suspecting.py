"""Errors and the commits that caused them, in small real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import SECOND
from cockpit.history.repository import Repository
from cockpit.suspecting import Asked, Found, as_object, suspects
from tests.history.repositories import START, begin, commit
from tests.support.service import git, make_repository

CART = """\
def total(items):
    result = 0
    for item in items:
        result += item
    return result


def count(items):
    return len(items)
"""
API = "from shop import cart\n\n\ndef post(request):\n    return cart.total(request.items)\n"
TRACE = """\
Traceback (most recent call last):
  File "/srv/app/releases/42/shop/api.py", line 5, in post
    return cart.total(request.items)
  File "/srv/app/releases/42/shop/cart.py", line 4, in total
    result += item
TypeError: unsupported operand type(s) for +=: 'int' and 'NoneType'
"""


def at(minute: float) -> int:
    return round((START + 60 * minute) * SECOND)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Ten commits; the seventh, `Double the price`, wrote the line that fails."""
    folder = begin(tmp_path / "shop")
    first = {"shop/api.py": API, "shop/cart.py": CART.replace("result += item", "result += 0")}
    commit(folder, "Serve the shop", first, -90_000)
    for number in range(1, 6):
        commit(folder, f"Turn a knob {number}", {"deep/knob.py": f"knob = {number}\n"}, number)
    commit(folder, "Double the price", {"shop/cart.py": CART}, 6, who="Ben")
    commit(folder, "Count by hand", {"shop/cart.py": CART.replace("len(items)", "sum(1 for _ in items)")}, 7)
    commit(folder, "Test it", {"tests/test_cart.py": "def test(): pass\n"}, 8)
    commit(folder, "Bump requests", {"requirements.txt": "requests==2.32\n"}, 9)
    return folder


def asked(folder: Path, **known: object) -> Found:
    return suspects([Repository.find(folder)], Asked(**known), patience=60)  # type: ignore[arg-type]


def subjects(found: Found) -> list[str]:
    return [each.subject for each in found.suspects]


def reasons(found: Found, subject: str) -> str:
    suspect = next(each for each in found.suspects if each.subject == subject)
    return "; ".join(reason.text for reason in suspect.reasons)


def test_the_commit_that_wrote_the_failing_line_comes_first(shop: Path) -> None:
    found = asked(shop, trace=TRACE, onset=at(10))
    first = found.suspects[0]
    assert (first.subject, first.author, first.path, first.line) == ("Double the price", "Ben", "shop/cart.py", 4)
    assert "wrote the line of frame 1 of the trace (shop/cart.py:4)" in reasons(found, "Double the price")
    assert "changes total, frame 1 of the trace (shop/cart.py:4)" in reasons(found, "Double the price")
    assert 0.5 < first.score <= 1
    assert sum(each.score for each in found.suspects) <= 1
    assert [each.path for each in found.frames] == ["shop/cart.py", "shop/api.py"]
    assert found.notes == ()


def test_without_a_trace_the_newest_before_the_onset_lead(shop: Path) -> None:
    found = asked(shop, onset=at(9.5))
    assert subjects(found)[0] == "Bump requests"
    assert "changes dependencies: requirements.txt" in reasons(found, "Bump requests")
    assert "changes only tests or documentation" in reasons(found, "Test it")
    assert found.suspects[0].score < 0.5


def test_what_was_committed_after_the_onset_is_no_suspect(shop: Path) -> None:
    found = asked(shop, trace=TRACE, onset=at(5.5))
    assert subjects(found)[0] != "Double the price"


def test_the_deploy_before_the_onset_speaks_for_what_it_brought(shop: Path) -> None:
    shas = git(shop, "rev-list", "--reverse", "HEAD").split()
    deploys = ((at(3), shas[2]), (at(9), shas[6]), (at(20), shas[9]))
    found = asked(shop, trace=TRACE, onset=at(9) + 41 * SECOND, deploys=deploys)
    assert subjects(found)[0] == "Double the price"
    assert f"deployed 41 s before the onset (with {shas[6][:9]})" in reasons(found, "Double the price")


def test_the_moves_of_head_are_deploys(shop: Path) -> None:
    git(shop, "reset", "-q", "--hard", "HEAD~4", at=START + 6000)
    git(shop, "reset", "-q", "--hard", "main@{1}", at=START + 6060)
    found = asked(shop, trace=TRACE, onset=at(101) + 41 * SECOND)
    assert "deployed 41 s before the onset" in reasons(found, "Double the price")


def test_words_of_the_message_are_looked_for_in_diffs(shop: Path) -> None:
    commit(shop, "Send a receipt", {"shop/mail.py": "raise ReceiptRefused(address)\n"}, 10)
    commit(shop, "Tell nothing", {"shop/other.py": "pass\n"}, 11)
    found = asked(shop, message="ReceiptRefused: nobody@shop.example")
    assert subjects(found)[0] == "Send a receipt"
    assert "adds or removes ReceiptRefused, a word of the message" in reasons(found, "Send a receipt")


def test_a_library_in_the_trace_leads_to_its_bump(shop: Path) -> None:
    trace = 'Traceback:\n  File "/usr/lib/python3/site-packages/requests/api.py", line 5, in get\nE'
    found = asked(shop, trace=trace)
    assert subjects(found)[0] == "Bump requests"
    assert "changes requests, whose code stands in the trace" in reasons(found, "Bump requests")


def test_renamed_files_keep_their_history(shop: Path) -> None:
    git(shop, "mv", "shop/cart.py", "shop/basket.py")
    git(shop, "commit", "-q", "-m", "Call it a basket", at=START + 660)
    found = asked(shop, trace=TRACE.replace("cart.py", "basket.py"), onset=at(12))
    assert subjects(found)[0] == "Double the price"


def test_a_merge_is_no_suspect_but_its_side_is(shop: Path) -> None:
    git(shop, "checkout", "-q", "-b", "side", "HEAD~2")
    commit(shop, "Triple the price", {"shop/cart.py": CART.replace("+= item", "+= 3 * item")}, 12)
    git(shop, "checkout", "-q", "main")
    git(shop, "merge", "-q", "--no-ff", "-m", "Merge side", "side", at=START + 800)
    found = asked(shop, trace=TRACE, onset=at(14))
    assert subjects(found)[0] == "Triple the price"
    assert "Merge side" not in subjects(found)


def test_a_shallow_clone_says_so(shop: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "3", f"file://{shop}", "shallow")
    found = asked(tmp_path / "shallow", trace=TRACE)
    assert found.notes == ("The history of shallow is shallow: what is older than its end is not seen.",)
    assert len(found.suspects) == 3


def test_frames_that_name_no_file_are_named(shop: Path) -> None:
    found = asked(
        shop, trace=TRACE.replace("shop/", "other/").replace("cart.py", "kart.py").replace("api.py", "apis.py")
    )
    assert found.notes == (
        "No frame names a file of the repository: /srv/app/releases/42/other/kart.py:4, "
        "/srv/app/releases/42/other/apis.py:5. A path map may help: --map /srv/app=DIR",
    )


def test_a_map_places_them(shop: Path) -> None:
    trace = TRACE.replace("/srv/app/releases/42/shop/", "/app/")
    git(shop, "mv", "shop", "services")
    git(shop, "commit", "-q", "-m", "Move", at=START + 660)
    found = asked(shop, trace=trace, path_map=(("/app", "services"),))
    assert [each.path for each in found.frames] == ["services/cart.py", "services/api.py"]


def test_a_submodule_is_named(tmp_path: Path) -> None:
    other = make_repository(tmp_path / "other")
    folder = begin(tmp_path / "shop")
    commit(folder, "Begin", {"a.py": "a\n"})
    git(folder, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "libs/pay")
    git(folder, "commit", "-q", "-m", "Pay")
    found = asked(folder, trace='Traceback:\n  File "/srv/app/libs/pay/cart.py", line 2, in total_0\nE')
    assert "libs/pay, a submodule; name it too: --repo libs/pay" in found.notes[0]
    repositories = [Repository.find(folder), Repository.find(folder / "libs/pay")]
    asking = Asked(trace='Traceback:\n  File "/srv/app/libs/pay/cart.py", line 2, in total_0\nE')
    both = suspects(repositories, asking, patience=60)
    assert (both.suspects[0].subject, both.suspects[0].repository) == ("Serve the shop", "pay")


def test_a_text_of_no_known_form_is_said(shop: Path) -> None:
    found = asked(shop, trace="crashed near shop/cart.py:4, sorry")
    assert subjects(found)[0] == "Double the price"
    assert found.notes[0].startswith("The trace is of a form that is not known")
    assert asked(shop, trace="crashed").notes == (
        "The text names no file with a line, so there are no frames to go by.",
    )


def test_lines_that_moved_are_found_by_the_function(shop: Path) -> None:
    found = asked(shop, trace='Traceback:\n  File "/srv/app/shop/cart.py", line 9, in total\nE')
    assert subjects(found)[0] == "Double the price"


def test_a_binary_file_and_an_empty_repository_do_no_harm(shop: Path, tmp_path: Path) -> None:
    commit(shop, "Draw", {"shop/cart.py": b"\0\1\2" * 100}, 11)
    assert subjects(asked(shop, trace=TRACE, onset=at(12)))
    empty = begin(tmp_path / "empty")
    assert asked(empty, trace=TRACE).suspects == ()


def test_of_a_repository_without_commits_only_that_is_said(shop: Path, tmp_path: Path) -> None:
    empty = begin(tmp_path / "empty")
    assert asked(empty, trace=TRACE).notes == ("empty has no commits yet.",)
    both = suspects([Repository.find(empty), Repository.find(shop)], Asked(trace=TRACE), patience=60)
    assert (both.notes, subjects(both)[0]) == (("empty has no commits yet.",), "Double the price")


def test_when_there_is_no_time_it_says_so(shop: Path) -> None:
    found = suspects([Repository.find(shop)], Asked(trace=TRACE), patience=0)
    assert any("there was no more time" in note or "No frame" in note for note in found.notes)


def test_when_there_is_no_time_to_walk_the_history_who_wrote_the_line_still_leads(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.suspecting._WALKING", 0.0)
    found = asked(shop, trace=TRACE)
    assert subjects(found)[0] == "Double the price"
    assert "wrote the line of frame 1" in reasons(found, "Double the price")
    assert found.notes == ("The history of the trace's files was read only in part: there was no more time.",)


def test_as_an_object(shop: Path) -> None:
    told = as_object(asked(shop, trace=TRACE, onset=at(10), top=1))
    assert [each["subject"] for each in told["suspects"]] == ["Double the price"]
    assert told["suspects"][0]["at"] == "2025-11-24T16:06:00.000000Z"
    assert len(told["suspects"][0]["reasons"]) == len(told["suspects"][0]["weights"])
    assert told["frames"][0] == {
        "path": "/srv/app/releases/42/shop/cart.py",
        "line": 4,
        "function": "total",
        "file": "shop/cart.py",
    }
