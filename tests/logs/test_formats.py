"""Every format reads its own samples: alone, in company, and as detection finds it."""

from __future__ import annotations

import pytest

from cockpit.clock import from_rfc3339, to_rfc3339
from cockpit.logs.described import Format, Known, Sample, Wrapper
from cockpit.logs.formats import FormatError, detect
from cockpit.logs.known import KNOWN, WRAPPERS
from cockpit.logs.levels import Level
from cockpit.logs.record import parse
from cockpit.logs.scan import scan
from cockpit.logs.times import NONE

NOW = from_rfc3339("2026-11-23T17:00:00Z")
SAMPLES = [(known, sample) for known in (*KNOWN, *WRAPPERS) for sample in known.samples]


def form_of(known: Known | Wrapper) -> Format:
    lines = [line.encode() for sample in known.samples for line in sample.line.split("\n")]
    return detect(lines * 4, known.name if isinstance(known, Known) else None)


def told(at: int) -> str | None:
    return None if at == NONE else to_rfc3339(at)


def wanted(sample: Sample) -> str | None:
    return None if sample.at is None else to_rfc3339(from_rfc3339(sample.at))


@pytest.mark.parametrize(("known", "sample"), SAMPLES, ids=lambda each: getattr(each, "name", ""))
def test_a_sample_is_read_as_it_says(known: Known | Wrapper, sample: Sample) -> None:
    form = form_of(known)
    data = (sample.line + "\n").encode()
    found = scan(data, form, NOW, begins=True)
    assert len(found.starts) == 1
    record = parse(data, form)
    assert (told(int(found.times[0])), Level(int(found.levels[0])).word) == (wanted(sample), sample.level)
    assert record.message.startswith(sample.message)
    assert dict(sample.fields).items() <= dict((*record.told, *record.fields)).items()


@pytest.mark.parametrize("known", [*KNOWN, *WRAPPERS], ids=lambda known: known.name)
def test_samples_are_read_in_company_as_they_are_alone(known: Known | Wrapper) -> None:
    if not known.samples:
        return
    form = form_of(known)
    found = scan("".join(f"{sample.line}\n" for sample in known.samples * 50).encode(), form, NOW, begins=True)
    assert [told(at) for at in found.times.tolist()] == [wanted(sample) for sample in known.samples] * 50
    assert [Level(level).word for level in found.levels.tolist()] == [sample.level for sample in known.samples] * 50


@pytest.mark.parametrize("known", [*KNOWN, *WRAPPERS], ids=lambda known: known.name)
def test_a_format_is_recognised_by_its_samples(known: Known | Wrapper) -> None:
    if not known.samples:
        return
    lines = [line.encode() for sample in known.samples for line in sample.line.split("\n")]
    form = detect(lines * 10)
    assert known.name in form.name


def test_a_format_may_be_forced_and_a_wrong_name_is_met_with_the_nearest() -> None:
    assert detect([b"anything"], "logfmt").name == "logfmt"
    with pytest.raises(FormatError, match="did you mean 'logfmt'"):
        detect([b"anything"], "logfnt")


def test_text_that_begins_with_its_time_is_text_however_many_pairs_follow() -> None:
    line = b"[2026-03-17T12:46:56.221Z] INFO: done user=1005 org=soylent geo=DE tier=free items=20 took=1001.9ms"
    form = detect([line] * 40)
    assert form.known.name != "logfmt"
    assert scan(line + b"\n", form, NOW, begins=True).times[0] == from_rfc3339("2026-03-17T12:46:56.221Z")
