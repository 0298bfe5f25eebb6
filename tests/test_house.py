"""The house's own rules, checked by machine: sizes of rooms, what a start loads, who may ask for the time."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "cockpit").rglob("*.py"))


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef):
                yield file, node


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after running some code."""
    printing = f"{code}\nimport sys; print(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", printing], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_has_at_most_400_lines(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= 400


def test_a_class_has_fewer_than_20_methods_of_its_own() -> None:
    large = {}
    for file, node in classes():
        count = sum(isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) for child in node.body)
        actions = sum(getattr(child, "name", "").startswith(("action_", "on_", "watch_")) for child in node.body)
        if count - actions >= 20:
            large[f"{file.relative_to(ROOT)}:{node.name}"] = count
    assert not large


def test_the_app_is_small() -> None:
    assert len((ROOT / "cockpit/ui/app.py").read_text().splitlines()) <= 200


def test_a_session_needs_no_screen() -> None:
    assert not loaded_by("import cockpit.session, cockpit.capture, cockpit.running, cockpit.trace") & {
        "textual",
        "rich",
    }


def test_help_loads_nothing_heavy() -> None:
    asking = "import sys\nfrom cockpit.cli import main\nsys.argv = ['cockpit', '--help']"
    code = f"{asking}\ntry:\n    main()\nexcept SystemExit:\n    pass"
    assert not loaded_by(code) & {"textual", "rich", "git", "numpy", "psutil", "watchfiles"}


def test_only_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"time\.time\(|time\.time_ns\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(")
    found = [str(file.relative_to(ROOT)) for file in FILES if asking.search(file.read_text())]
    assert found == ["cockpit/clock.py"]


def test_nothing_loud_is_left_in_the_code() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    assert not [str(file.relative_to(ROOT)) for file in FILES if words.search(file.read_text())]


def test_the_readme_shows_the_keys_as_they_are_declared() -> None:
    from cockpit.ui import keys

    assert keys.markdown() in (ROOT / "README.md").read_text()


def test_no_place_declares_a_key_twice() -> None:
    from cockpit.ui import keys

    for place, declared in keys.places():
        pressed = [key for each in declared for key in each.keys.split(",")]
        assert len(pressed) == len(set(pressed)), place


def test_every_key_has_an_action_where_it_is_bound() -> None:
    from cockpit.ui.app import CockpitApp
    from cockpit.ui.panes.commits import CommitPane
    from cockpit.ui.panes.hypotheses import HypothesisPane
    from cockpit.ui.panes.logs import LogPane
    from cockpit.ui.panes.notes import NotePane
    from cockpit.ui.screens.choosing import ChoosingScreen
    from cockpit.ui.screens.cockpit import CockpitScreen
    from cockpit.ui.screens.evidence import EvidenceScreen
    from cockpit.ui.screens.guide import GuideScreen
    from cockpit.ui.screens.text import TextScreen
    from cockpit.ui.screens.trace import TraceScreen
    from cockpit.ui.widgets.log_view import LogView

    missing = [
        f"{holder.__name__}.{binding.action}"
        for holder in (
            LogPane,
            LogView,
            CommitPane,
            HypothesisPane,
            NotePane,
            TextScreen,
            ChoosingScreen,
            CockpitScreen,
            EvidenceScreen,
            GuideScreen,
            TraceScreen,
        )
        for binding in holder.BINDINGS
        if not hasattr(holder, f"action_{binding.action.partition('(')[0]}")  # type: ignore[union-attr]
        and not hasattr(CockpitApp, f"action_{binding.action.partition('(')[0]}")  # type: ignore[union-attr]
    ]
    assert missing == []
