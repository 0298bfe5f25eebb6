"""What is noticed in open logs while they grow: each thing once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.clock import MINUTE, SECOND, FrozenClock, from_rfc3339, to_rfc3339
from cockpit.config import Config
from cockpit.findings import FindingsDesk
from cockpit.host.vitals import Vitals
from cockpit.incident.store import Incident, IncidentError
from cockpit.session import Session
from tests.support.waiting import until

NOW = from_rfc3339("2026-11-23T10:42:17Z")


class Watched:
    """A session on one log, and what was noticed in it."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "app.log"
        self.append(*(f"{to_rfc3339(NOW - 30 * MINUTE + second * SECOND)} INFO tick" for second in range(1700)))
        incident = Incident.create(folder / "incidents", "checkout-500s", FrozenClock(NOW), "ana@web-1")
        self.session = Session(incident, Config(), FrozenClock(NOW))
        self.session.open_sources([str(self.log)])
        self.session.desk.start(follow=True)
        self.findings = FindingsDesk(self.session)

    def append(self, *lines: str) -> None:
        with self.log.open("a") as log:
            log.write("\n".join(lines) + "\n")

    def fail(self, *seconds: int) -> None:
        """Log errors at these seconds."""
        known = self.session.desk.sources.records()
        self.append(*(f"{to_rfc3339(NOW + second * SECOND)} ERROR the cart is broken" for second in seconds))
        assert until(lambda: self.session.desk.sources.records() >= known + len(seconds))

    def look(self) -> None:
        self.findings.look()
        assert self.findings.idle(20)

    def told(self) -> list[str]:
        """What is new, after the next tick that looks."""
        self.findings.tick()
        assert self.findings.idle(20)
        return [each.text for each in self.findings.found if each.key.startswith("signature:")]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    assert until(lambda: made.session.desk.sources.progress() >= 1)
    yield made
    made.findings.close()
    made.session.close()


def test_a_new_error_is_told_once(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cockpit.findings._EVERY", 0.0)
    watched.look()
    assert watched.told() == []
    watched.fail(0, 5, 10)
    (told,) = watched.told()
    assert told.startswith("new error signature, 18/min")
    assert told.endswith(": the cart is broken")
    watched.fail(15, 20)
    assert len(watched.told()) == 1
    watched.look()
    assert len(watched.told()) == 1


def test_a_new_error_is_told_though_a_look_came_when_there_were_few(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.findings._EVERY", 0.0)
    watched.look()
    watched.fail(0)
    watched.look()
    assert watched.told() == []
    watched.fail(20, 40)
    assert len(watched.told()) == 1


def test_what_was_there_when_it_began_is_not_new(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cockpit.findings._EVERY", 0.0)
    watched.fail(0)
    watched.look()
    watched.fail(1, 2, 3)
    assert watched.told() == []


def test_what_was_just_noticed_is_news_until_it_is_seen_or_a_minute_is_over(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cockpit.findings._EVERY", 0.0)
    watched.look()
    assert watched.findings.news(NOW) is None
    watched.fail(0, 5, 10)
    watched.told()
    news = watched.findings.news(NOW)
    assert news is not None
    assert news.text.startswith("new error signature")
    assert watched.findings.news(NOW + MINUTE) is None
    watched.findings.see()
    assert watched.findings.news(NOW) is None


def test_what_the_first_look_finds_is_no_news(watched: Watched) -> None:
    watched.fail(*range(0, 60, 2))
    watched.look()
    assert watched.findings.scanned is not None
    assert watched.findings.scanned.trouble is not None
    assert watched.findings.news(NOW) is None


def test_nothing_is_supposed_before_a_look(watched: Watched) -> None:
    assert (watched.findings.data(), watched.findings.page()) == ({}, "")
    with pytest.raises(IncidentError, match="Nothing was looked at yet"):
        watched.findings.suppose("data")


def test_a_host_that_is_used_up_since_the_onset_is_told(watched: Watched) -> None:
    watched.fail(*range(40))
    samples = [(NOW - minute * MINUTE, 8.0) for minute in range(20, 0, -1)]
    samples += [(NOW + second * SECOND, 99.0) for second in range(0, 40, 2)]
    watched.session.vitals.recent.extend(Vitals(at, cpu, 40.0, 0.5) for at, cpu in samples)
    watched.look()
    assert watched.findings.scanned is not None
    why = watched.findings.scanned.scope["load"].why
    assert "CPU of this host: 99 % since the onset, 8 % before." in why
