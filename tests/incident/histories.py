"""Makes journals for properties: what people do in an incident, with sense and without."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from cockpit.incident.hypotheses import RELATIONS, STATUSES
from cockpit.incident.journal import Entry
from cockpit.incident.model import MARKER_KINDS
from tests.incident.entries import entry, identity

WORDS = st.text("ab [/]é\n", min_size=1, max_size=8)
TIMES = st.sampled_from(["2026-11-23T10:01:00Z", "2026-11-23T12:00:00.5+02:00", "yesterday", "10:02"])
PEOPLE = st.sampled_from(["ana@web-1", "ben@web-2"])
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "text": WORDS,
    "likelihood": st.integers(-20, 120),
    "status": st.sampled_from(STATUSES),
    "detail": WORDS,
    "prediction": WORDS,
    "rank": st.none() | st.floats(-100, 100),
    "cost": st.none() | st.integers(-1, 200),
    "parent": WORDS,
    "observation": WORDS,
}
PARTS = st.lists(
    st.fixed_dictionaries(
        {
            "part": st.just("record"),
            "file": st.sampled_from(["E1.log", "E2.window.log", "../E1.log", "E1.json"]),
            "bytes": st.integers(-1, 9),
            "sha256": st.just("0" * 64),
        }
    ),
    max_size=2,
)
EVIDENCE: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["E1", "E2", "E7", "H1", ""]),
    "title": WORDS,
    "kind": st.just("text"),
    "parts": PARTS,
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(WORDS, inside, max_size=2),
    max_leaves=3,
)
WINDOWS = st.just({"from": "2026-11-23T10:00:00Z", "to": "2026-11-23T10:10:00Z"}) | ANYTHING
NAMES = st.sampled_from([*FIELDS, "title", "kind", "at", "colour"])


@cache
def acts(number: int) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """What may be said as the entry of this number: mostly about what earlier entries added."""
    earlier = st.integers(0, number).map(identity)
    return st.one_of(
        st.tuples(
            st.just("hypothesis.added"), st.fixed_dictionaries({"text": WORDS, "likelihood": st.integers(0, 100)})
        ),
        st.tuples(st.just("hypothesis.edited"), st.fixed_dictionaries({"hypothesis": earlier}, optional=FIELDS)),
        st.tuples(
            st.just("hypothesis.linked"),
            st.fixed_dictionaries(
                {
                    "hypothesis": earlier,
                    "evidence": st.sampled_from(["E1", "E2"]) | earlier,
                    "relation": st.sampled_from(RELATIONS),
                    "weight": st.integers(0, 10),
                }
            ),
        ),
        st.tuples(st.just("experiment.added"), st.fixed_dictionaries({"hypothesis": earlier, "text": WORDS})),
        st.tuples(
            st.just("experiment.observed"),
            st.fixed_dictionaries({"hypothesis": earlier, "experiment": earlier, "observation": WORDS}),
        ),
        st.tuples(st.just("undone"), st.fixed_dictionaries({"entry": earlier})),
        st.tuples(st.just("hypothesis.removed"), st.fixed_dictionaries({"hypothesis": earlier})),
        st.tuples(st.just("note.added"), st.fixed_dictionaries({"text": WORDS})),
        st.tuples(
            st.just("evidence.added"),
            st.fixed_dictionaries(EVIDENCE, optional={"window": ANYTHING, "covers": ANYTHING}),
        ),
        st.tuples(
            st.just("evidence.window"),
            st.fixed_dictionaries(
                {"evidence": earlier, "name": st.sampled_from(["E1", "E2"]), "window": WINDOWS, "parts": PARTS},
                optional={"lacking": WORDS, "width": WORDS},
            ),
        ),
        st.tuples(
            st.just("marker.added"),
            st.fixed_dictionaries({"kind": st.sampled_from(MARKER_KINDS), "text": WORDS, "at": TIMES}),
        ),
        st.tuples(
            st.sampled_from(["check.ticked", "check.unticked"]),
            st.fixed_dictionaries(
                {"check": st.sampled_from(["data.nulls", "load.pool", "?"])}, optional={"note": WORDS}
            ),
        ),
        st.tuples(
            st.just("incident.answered"),
            st.fixed_dictionaries(
                {"question": st.sampled_from(["seen", "since", "stop", "colour"]), "text": WORDS},
                optional={"at": TIMES | ANYTHING},
            ),
        ),
        st.tuples(st.just("marker.removed"), st.fixed_dictionaries({"marker": earlier})),
        st.tuples(
            st.sampled_from(
                ["incident.opened", "incident.renamed", "incident.closed", "incident.reopened", "incident.begun"]
            ),
            st.fixed_dictionaries({"title": WORDS}),
        ),
        st.tuples(
            st.sampled_from(
                [
                    "hypothesis.added",
                    "marker.added",
                    "note.added",
                    "evidence.added",
                    "trace.followed",
                    "experiment.added",
                ]
            ),
            st.dictionaries(NAMES, ANYTHING | earlier, max_size=4),
        ),
        st.tuples(
            st.sampled_from(
                ["hypothesis.edited", "hypothesis.removed", "hypothesis.judged", "marker.removed", "undone"]
            ),
            st.dictionaries(NAMES | st.sampled_from(["hypothesis", "marker", "entry"]), ANYTHING | earlier, max_size=4),
        ),
    )


@st.composite
def histories(draw: st.DrawFn, most: int = 14) -> list[Entry]:
    """Entries in the order of their ids."""
    made = []
    for number in range(draw(st.integers(0, most))):
        kind, data = draw(acts(number))
        made.append(entry(number, kind, draw(PEOPLE), **data))
    return made
