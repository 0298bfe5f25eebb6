"""Scores a diagnosis on many generated incidents; two sets of seeds, one to work on and one to report."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.clock import SECOND, from_rfc3339
from tests.incidents.generating import generate
from tests.incidents.truth import Kind, Truth

DEVELOPMENT = range(0, 300)
REPORTED = range(10_000, 10_000 + 240)
SCOPES = ("deploy", "data", "load", "dependency")
NEAR = 60 * SECOND

Diagnose = Callable[[Sequence[Path], Sequence[tuple[int, str, str]]], Mapping[str, Any]]
"""Paths and markers to what `cockpit scan --json` prints."""


@dataclass(frozen=True, slots=True)
class Score:
    """How a diagnosis did on one incident. `apart`: seconds from the true onset; None where none was named.

    `both`: for two faults, whether both scopes are at least possible. `trouble`: the error that the diagnosis raised.
    """

    truth: Truth
    first: str
    right: bool
    both: bool
    apart: float | None
    trouble: str = ""

    @property
    def near(self) -> bool:
        """Whether the onset is right (of no fault: that nothing is likely)."""
        return self.right if self.truth.onset is None else self.apart is not None and abs(self.apart) <= NEAR / SECOND


def kind_of(seed: int) -> Kind:
    """The kinds take turns."""
    kinds = list(Kind)
    return kinds[seed % len(kinds)]


def score(truth: Truth, found: Mapping[str, Any]) -> Score:
    """Hold a diagnosis against the truth."""
    verdicts = {
        name: (told["verdict"], float(told["score"])) for name, told in found["scope"].items() if name in SCOPES
    }
    first = first_of(verdicts, truth.kind == Kind.NONE)
    right = first in truth.scopes if truth.scopes else first == "none"
    both = all(verdicts.get(scope, ("", 0))[0] in ("likely", "possible") for scope in truth.scopes)
    onset = found.get("onset")
    apart = None
    if truth.onset is not None and onset is not None:
        apart = (from_rfc3339(onset["at"]) - truth.onset) / SECOND
    return Score(truth, first, right, both, apart)


def first_of(verdicts: Mapping[str, tuple[str, float]], only_likely: bool) -> str:
    """The scope that is named first: the highest score of those likely, else (unless only those count) possible."""
    for wanted in ("likely",) if only_likely else ("likely", "possible"):
        named = [(told, name) for name, (verdict, told) in verdicts.items() if verdict == wanted]
        if named:
            return max(named)[1]
    return "none"


def try_seeds(
    seeds: Iterable[int], diagnose: Diagnose, folder: Path, keep: bool = False, jobs: int = 1, kind: Kind | None = None
) -> list[Score]:
    """Generate, diagnose and score every seed; `kind`: only seeds of this kind. Prints its progress now and then."""
    chosen = [seed for seed in seeds if kind is None or kind_of(seed) == kind]
    given = [(seed, diagnose, folder, keep) for seed in chosen]
    scores: list[Score] = []
    if jobs <= 1:
        for each in given:
            scores.append(_try(each))
            _progress(scores, len(given))
        return scores
    with ProcessPoolExecutor(jobs) as pool:
        for done in pool.map(_try, given):
            scores.append(done)
            _progress(scores, len(given))
    return scores


def _progress(scores: list[Score], total: int) -> None:
    if len(scores) % 40 == 0:
        print(f"{len(scores)} of {total}: {sum(each.right for each in scores)} right", flush=True)


def _try(given: tuple[int, Diagnose, Path, bool]) -> Score:
    seed, diagnose, folder, keep = given
    kind = kind_of(seed)
    own = folder / f"{seed}-{kind}"
    truth = generate(seed, kind, own)
    try:
        return score(truth, diagnose(truth.paths, truth.markers))
    except Exception as error:
        return Score(truth, "error", False, False, None, f"{type(error).__name__}: {error}")
    finally:
        if not keep:
            shutil.rmtree(own)


def report(scores: Sequence[Score]) -> str:
    """The confusion table, percentages over all, by kind and by variant, and the seeds that failed."""
    lines = [*_confusion(scores), "", *_percentages(scores), "", "by variant (right first, onset within 60 s):"]
    groups: dict[tuple[str, str], list[Score]] = defaultdict(list)
    for each in scores:
        if each.truth.kind != Kind.TWO:
            groups[each.truth.kind, each.truth.variant].append(each)
    for (kind, variant), group in sorted(groups.items()):
        lines.append(f"  {kind:<11} {variant:<20} {_share(group, 'right'):>9} {_share(group, 'near'):>9}")
    return "\n".join([*lines, "", "failed:", *(_failed(each) for each in scores if not (each.right and each.near))])


def _confusion(scores: Sequence[Score]) -> list[str]:
    columns = (*SCOPES, "none", "error")
    counts = Counter((each.truth.kind, each.first) for each in scores)
    lines = ["verdict first:".ljust(13) + "".join(f"{column:>11}" for column in columns)]
    for kind in Kind:
        lines.append(f"{kind:<13}" + "".join(f"{counts[kind, column] or '·':>11}" for column in columns))
    return lines


def _percentages(scores: Sequence[Score]) -> list[str]:
    faulty = [each for each in scores if each.truth.kind != Kind.NONE]
    well = [each for each in scores if each.truth.kind == Kind.NONE]
    two = [each for each in scores if each.truth.kind == Kind.TWO]
    lines = [
        f"right verdict first  {_share(faulty, 'right'):>12}",
        f"onset within 60 s    {_share(faulty, 'near'):>12}",
        f"false alarm          {_share(well, 'right', wrong=True):>12}",
        f"both of two possible {_share(two, 'both'):>12}",
    ]
    for kind in Kind:
        group = [each for each in scores if each.truth.kind == kind]
        lines.append(f"  {kind:<11} right {_share(group, 'right'):>12}   onset {_share(group, 'near'):>12}")
    return lines


def _share(group: Sequence[Score], name: str, wrong: bool = False) -> str:
    count = sum(bool(getattr(each, name)) != wrong for each in group)
    return f"{count}/{len(group)} {100 * count / len(group):.1f} %" if group else "—"


def _failed(each: Score) -> str:
    truth = each.truth
    apart = "no onset" if each.apart is None else f"onset {each.apart:+.0f} s"
    formats = ", ".join(path.name for path in truth.paths)
    told = f"{truth.seed} {truth.kind} ({truth.notes}): first {each.first}, {apart}; {formats}"
    return f"  {told}{' — ' + each.trouble if each.trouble else ''}"
