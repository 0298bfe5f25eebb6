"""The evidence kit: what is there, what is missing, and what gets it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cockpit.clock import FrozenClock
from cockpit.incident.evidence import Evidence, Part
from cockpit.incident.keeping import Keeper
from cockpit.incident.kit import KINDS, State, complete, hints, kit, line
from cockpit.incident.model import fold
from cockpit.incident.show import as_dict
from cockpit.incident.store import Incident
from tests.incident.entries import AT, entry

PART = Part("record", "E1.log", 1, "0" * 64)


def item(label: str, **covers: str) -> Evidence:
    of = tuple(covers.items())
    return Evidence(label, label, "t", "record", "", "", None, "0" * 64, "", "evidence/E1.log", (PART,), "", "", of)


def test_without_evidence_all_is_missing_and_one_hint_says_where_to_begin() -> None:
    assert line(kit([])) == "○ error  ○ trace  ○ logs  ○ request  ○ environment  ○ timing"
    assert hints(kit([])) == ["e, then c, in the logs: keeps an error, and all else that is known of it"]


def test_items_together_make_the_kit_and_what_lacks_something_is_partly_there() -> None:
    items = [item("E1", error="", logs="a part of it"), item("E2", trace="", logs="", environment="no deploy is known")]
    assert line(kit(items)) == "✓ error  ✓ trace  ✓ logs  ○ request  ◐ environment  ○ timing"
    checks = {check.kind.name: check for check in kit(items)}
    assert (checks["logs"].items, checks["environment"].items) == (("E2",), ("E2",))
    assert hints(kit(items)) == [
        "○ request: the data of the request → c on a record with a request id",
        "◐ environment: no deploy is known → cockpit --repo DIR, then c",
        "○ timing: first seen, rate before and after, the deploy before → c on a record with a time",
    ]
    assert not complete(items)
    assert hints(kit([item("E1", timing="counted back to 10:02 only")]))[-1] == (
        "◐ timing: counted back to 10:02 only → cockpit capture LOG --line N"
    )


def test_a_kit_that_is_complete_has_no_hints() -> None:
    items = [item("E1", **{kind.name: "" for kind in KINDS})]
    assert complete(items)
    assert hints(kit(items)) == []


@given(
    st.lists(st.dictionaries(st.sampled_from([*(kind.name for kind in KINDS), "other"]), st.sampled_from(["", "x"])))
)
def test_more_evidence_never_takes_anything_away(covers: list[dict[str, str]]) -> None:
    order = [State.MISSING, State.PARTLY, State.THERE]
    items = [item(f"E{nth}", **each) for nth, each in enumerate(covers, 1)]
    for count in range(len(items)):
        before, after = kit(items[:count]), kit(items[: count + 1])
        assert all(order.index(a.state) <= order.index(b.state) for a, b in zip(before, after, strict=True))


def test_what_an_item_covers_is_in_the_journal_and_in_the_data(tmp_path: Path) -> None:
    incident = Incident.create(tmp_path, "Checkout 500s", FrozenClock(AT), "ana@web-1")
    with Keeper(incident) as keeper:
        keeper.write("record", b"boom\n")
        keeper.keep("boom", "record", {}, covers={"error": "", "timing": "not all"})
    incident.refresh()
    shown = as_dict(incident)
    assert shown["evidence"][0]["covers"] == {"error": None, "timing": "not all"}
    checks = {each["kind"]: each for each in shown["kit"]}
    assert (checks["error"]["state"], checks["error"]["evidence"], checks["error"]["how"]) == ("there", ["E1"], None)
    assert (checks["timing"]["state"], checks["timing"]["lacking"]) == ("partly", "not all")
    assert (checks["request"]["state"], checks["request"]["how"]) == ("missing", "c on a record with a request id")


def test_an_item_of_an_older_cockpit_covers_what_its_parts_tell() -> None:
    parts = [{"part": name, "file": f"E1.{name}.log", "bytes": 1, "sha256": "0" * 64} for name in ("record", "window")]
    data = {"name": "E1", "title": "t", "kind": "record", "parts": parts, "trace_id": "7f3a", "covers": 5}
    (found,) = fold([entry(1, "evidence.added", **data)]).evidence
    assert found.covers == (("error", ""), ("logs", ""), ("request", ""))


def test_a_window_of_no_evidence_or_that_is_none_is_set_aside() -> None:
    parts = [{"part": "record", "file": "E1.log", "bytes": 1, "sha256": "0" * 64}]
    added = entry(1, "evidence.added", name="E1", title="t", kind="record", parts=parts)
    window = {"from": "a", "to": "b"}
    bad = [
        entry(2, "evidence.window", evidence="nobody", window=window, parts=parts),
        entry(3, "evidence.window", evidence=added.id, window=5, parts=parts),
        entry(4, "evidence.window", evidence=added.id, window=None, parts=parts),
        entry(5, "evidence.window", evidence=added.id, window=window, parts=[]),
        entry(6, "evidence.window", evidence=[1], window=window),
    ]
    state = fold([added, *bad])
    assert len(state.malformed) == len(bad)
    assert len(state.evidence[0].parts) == 1
