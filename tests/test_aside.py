"""Questions aside: one at a time, the newest of a name wins, and closing waits for nobody long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from cockpit.aside import Aside, Cancelled
from tests.support.waiting import until


@pytest.fixture
def aside() -> Iterator[Aside]:
    aside = Aside("test")
    yield aside
    aside.close()


def occupied(aside: Aside, name: str = "first") -> threading.Event:
    """Ask a question that runs until the event is set."""
    begun, release = threading.Event(), threading.Event()

    def question(_: Cancelled) -> None:
        begun.set()
        release.wait(10)

    aside.ask(name, question)
    assert begun.wait(5)
    return release


def test_a_question_is_answered_on_another_thread(aside: Aside) -> None:
    answered: list[threading.Thread] = []
    aside.ask("who", lambda _: answered.append(threading.current_thread()))
    assert aside.idle(5)
    assert answered
    assert answered[0] is not threading.current_thread()


def test_questions_are_answered_one_at_a_time_in_their_order(aside: Aside) -> None:
    running, most, answered, lock = 0, 0, list[int](), threading.Lock()

    def question(number: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        answered.append(number)
        with lock:
            running -= 1

    for number in range(50):
        aside.ask(f"{number}", lambda _, number=number: question(number))  # type: ignore[misc]
    assert aside.idle(5)
    assert (answered, most) == (list(range(50)), 1)


def test_of_one_name_only_the_newest_is_answered(aside: Aside) -> None:
    release = occupied(aside)
    answered: list[int] = []
    for number in range(20):
        aside.ask("search", lambda _, number=number: answered.append(number))  # type: ignore[misc]
    aside.ask("other", lambda _: answered.append(100))
    release.set()
    assert aside.idle(5)
    assert answered == [19, 100]


def test_a_running_question_is_told_that_it_is_replaced(aside: Aside) -> None:
    begun, told = threading.Event(), threading.Event()

    def patient(cancelled: Cancelled) -> None:
        begun.set()
        assert not cancelled()
        if until(cancelled):
            told.set()

    answered: list[str] = []
    aside.ask("search", patient)
    assert begun.wait(5)
    aside.ask("search", lambda cancelled: answered.append("replaced" if cancelled() else "newest"))
    assert aside.idle(5)
    assert told.is_set()
    assert answered == ["newest"]


def test_a_question_of_another_name_replaces_nothing(aside: Aside) -> None:
    begun, release, told = threading.Event(), threading.Event(), list[bool]()

    def question(cancelled: Cancelled) -> None:
        begun.set()
        release.wait(5)
        told.append(cancelled())

    aside.ask("search", question)
    assert begun.wait(5)
    aside.ask("filter", lambda _: None)
    release.set()
    assert aside.idle(5)
    assert told == [False]


def test_what_a_question_raises_is_told_and_the_next_is_answered() -> None:
    failures: list[Exception] = []
    aside = Aside("test", failures.append)
    answered = threading.Event()
    aside.ask("divide", lambda _: print(1 // 0))  # noqa: T201
    aside.ask("go on", lambda _: answered.set())
    assert answered.wait(5)
    assert [type(failure) for failure in failures] == [ZeroDivisionError]
    aside.close()


def test_what_a_question_raises_is_logged_where_nobody_is_told(aside: Aside, caplog: pytest.LogCaptureFixture) -> None:
    answered = threading.Event()
    aside.ask("divide", lambda _: print(1 // 0))  # noqa: T201
    aside.ask("go on", lambda _: answered.set())
    assert answered.wait(5)
    assert "a question (divide) failed" in caplog.text


def test_a_question_may_ask_another(aside: Aside) -> None:
    answered: list[str] = []

    def question(_: Cancelled) -> None:
        answered.append("first")
        aside.ask("search", lambda _: answered.append("second"))

    aside.ask("search", question)
    assert until(lambda: answered == ["first", "second"])
    assert aside.idle(5)


def test_idle_waits_for_what_runs_and_no_longer_than_it_may(aside: Aside) -> None:
    assert aside.idle(0)
    release = occupied(aside)
    assert not aside.idle(0.05)
    release.set()
    assert aside.idle(5)


def test_every_thread_may_ask(aside: Aside) -> None:
    answered: list[int] = []

    def asking(number: int) -> None:
        for turn in range(100):
            aside.ask(f"{number}-{turn}", lambda _: answered.append(number))

    threads = [threading.Thread(target=asking, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert aside.idle(10)
    assert len(answered) == 500


def test_closing_tells_what_runs_and_drops_what_waits(aside: Aside) -> None:
    begun, ended, answered = threading.Event(), threading.Event(), list[int]()

    def patient(cancelled: Cancelled) -> None:
        begun.set()
        if until(cancelled):
            ended.set()

    aside.ask("long", patient)
    assert begun.wait(5)
    aside.ask("waits", lambda _: answered.append(1))
    aside.close()
    assert ended.is_set()
    aside.ask("too late", lambda _: answered.append(2))
    aside.close()
    assert answered == []


def test_closing_does_not_hang_on_a_question_that_will_not_listen(aside: Aside) -> None:
    release = occupied(aside)
    started = time.monotonic()
    aside.close()
    assert 1.0 < time.monotonic() - started < 5.0
    release.set()


def test_an_aside_that_was_asked_nothing_has_no_thread_and_closes() -> None:
    before = threading.active_count()
    aside = Aside("quiet")
    assert threading.active_count() == before
    aside.close()


def test_a_question_may_close_the_aside(aside: Aside) -> None:
    closed = threading.Event()

    def question(_: Cancelled) -> None:
        aside.close()
        closed.set()

    aside.ask("close", question)
    assert closed.wait(5)


def test_a_listener_of_failures_that_fails_ends_nothing() -> None:
    def failing(error: Exception) -> None:
        raise error

    aside = Aside("test", failing)
    answered = threading.Event()

    def wrong(cancelled: Cancelled) -> None:
        raise ValueError("no")

    aside.ask("first", wrong)
    aside.ask("second", lambda cancelled: answered.set())
    assert answered.wait(5)
    assert aside.idle(5)
    aside.close()
