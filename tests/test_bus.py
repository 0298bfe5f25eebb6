"""The bus: facts reach whoever asked for their kind, and a handler that raises harms nobody else."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import fields
from typing import get_type_hints

import pytest

from cockpit import events
from cockpit.bus import Bus
from cockpit.events import (
    Event,
    Failed,
    HandlerFailed,
    HypothesisChanged,
    LogGrew,
    LogIndexed,
    MarkersChanged,
    NoteAdded,
    RecordFocused,
    SourceChanged,
    SourceEvent,
    ViewGrew,
)

KINDS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)]


def made(kind: type[Event]) -> Event:
    """An event of a kind, with something in every field."""
    hints = get_type_hints(kind)
    return kind(**{field.name: hints[field.name](7) for field in fields(kind)})


def test_a_handler_hears_its_kind_and_no_other() -> None:
    bus, heard = Bus(), list[Event]()
    bus.subscribe(LogGrew, heard.append)
    bus.publish(SourceChanged("app.log"))
    bus.publish(LogGrew("app.log"))
    bus.publish(ViewGrew())
    assert heard == [LogGrew("app.log")]


def test_a_base_kind_hears_all_below_it_once_each() -> None:
    bus, heard, all_heard = Bus(), list[Event](), list[Event]()
    bus.subscribe(SourceEvent, heard.append)
    bus.subscribe(Event, all_heard.append)
    published: list[Event] = [LogGrew("a"), SourceChanged("b"), LogIndexed("a", 1, 2), ViewGrew()]
    for event in published:
        bus.publish(event)
    assert heard == published[:3]
    assert all_heard == published


def test_handlers_of_one_kind_are_called_in_the_order_in_which_they_asked() -> None:
    bus, called = Bus(), list[int]()
    for number in range(5):
        bus.subscribe(ViewGrew, lambda _, number=number: called.append(number))  # type: ignore[misc]
    bus.publish(ViewGrew())
    assert called == [0, 1, 2, 3, 4]


def test_a_handler_that_raises_harms_no_other_and_is_told() -> None:
    bus, heard, failures = Bus(), list[Event](), list[HandlerFailed]()

    def clumsy(event: LogGrew) -> None:
        raise ValueError(f"cannot take {event.source}")

    bus.subscribe(LogGrew, heard.append)
    bus.subscribe(LogGrew, clumsy)
    bus.subscribe(LogGrew, heard.append)
    bus.subscribe(HandlerFailed, failures.append)
    bus.publish(LogGrew("app.log"))
    assert heard == [LogGrew("app.log")] * 2
    (failure,) = failures
    assert failure.handler.endswith("clumsy")
    assert (failure.event, failure.error) == ("LogGrew", "ValueError: cannot take app.log")


def test_a_handler_of_failures_that_fails_has_nobody_left_to_tell() -> None:
    bus, heard = Bus(), list[Event]()

    def clumsy(_: Event) -> None:
        raise RuntimeError("again")

    bus.subscribe(HandlerFailed, clumsy)
    bus.subscribe(HandlerFailed, heard.append)
    bus.subscribe(ViewGrew, clumsy)
    bus.publish(ViewGrew())
    assert [type(event) for event in heard] == [HandlerFailed]


def test_a_closed_subscription_hears_nothing_more() -> None:
    bus, first, second = Bus(), list[Event](), list[Event]()
    subscription = bus.subscribe(ViewGrew, first.append)
    bus.subscribe(ViewGrew, second.append)
    bus.publish(ViewGrew())
    subscription.close()
    subscription.close()
    bus.publish(ViewGrew())
    assert (len(first), len(second)) == (1, 2)


def test_a_handler_may_close_itself_while_it_is_called() -> None:
    bus, heard, other = Bus(), list[Event](), list[Event]()

    def once(event: Event) -> None:
        heard.append(event)
        subscription.close()

    subscription = bus.subscribe(ViewGrew, once)
    bus.subscribe(ViewGrew, other.append)
    bus.publish(ViewGrew())
    bus.publish(ViewGrew())
    assert (len(heard), len(other)) == (1, 2)


def test_a_handler_may_subscribe_and_publish() -> None:
    bus, late, told = Bus(), list[Event](), list[Event]()

    def curious(event: LogGrew) -> None:
        bus.subscribe(LogGrew, late.append)
        bus.publish(Failed(event.source))

    bus.subscribe(LogGrew, curious)
    bus.subscribe(Failed, told.append)
    bus.publish(LogGrew("a"))
    assert (late, told) == ([], [Failed("a")])
    bus.publish(LogGrew("b"))
    assert late == [LogGrew("b")]


def test_every_event_of_every_thread_arrives() -> None:
    bus, heard, lock = Bus(), Counter[str](), threading.Lock()

    def count(event: LogGrew) -> None:
        with lock:
            heard[event.source] += 1

    def publishing(name: str) -> None:
        for _ in range(500):
            bus.publish(LogGrew(name))

    def coming_and_going() -> None:
        for _ in range(500):
            bus.subscribe(LogGrew, lambda _: None).close()

    bus.subscribe(LogGrew, count)
    threads = [threading.Thread(target=publishing, args=(f"source {number}",)) for number in range(6)]
    threads.append(threading.Thread(target=coming_and_going))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {f"source {number}": 500 for number in range(6)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_is_a_value_that_says_what_it_is(kind: type[Event]) -> None:
    assert made(kind) == made(kind)
    assert hash(made(kind).key) == hash(made(kind).key)
    assert kind.__doc__
    with pytest.raises((AttributeError, TypeError)):
        made(kind).source = "another"  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_of_two_events_of_one_key_the_later_stands_for_both(kind: type[Event]) -> None:
    earlier, later = made(kind), made(kind)
    assert earlier.merge(later) is later


def test_what_an_event_is_about_is_its_key() -> None:
    assert LogGrew("a").key != LogGrew("b").key
    assert LogIndexed("a", 1, 9).key == LogIndexed("a", 5, 9).key == "a"
    assert HypothesisChanged("1").key != HypothesisChanged("2").key
    assert NoteAdded("1").key != NoteAdded("2").key
    assert Failed("disk").key != Failed("network").key
    assert HandlerFailed("f", "A", "x").key == HandlerFailed("f", "B", "x").key != HandlerFailed("g", "A", "x").key
    assert RecordFocused(1).key == RecordFocused(2).key
    assert MarkersChanged().key == MarkersChanged().key


def test_progress_and_focus_are_those_of_the_later_event() -> None:
    assert LogIndexed("a", 1, 9).merge(LogIndexed("a", 5, 9)) == LogIndexed("a", 5, 9)
    assert RecordFocused(1).merge(RecordFocused(2)) == RecordFocused(2)


def test_one_function_that_subscribed_twice_is_two_subscribers() -> None:
    bus, heard = Bus(), []
    first = bus.subscribe(MarkersChanged, heard.append)
    bus.subscribe(MarkersChanged, heard.append)
    first.close()
    bus.publish(MarkersChanged())
    assert heard == [MarkersChanged()]
