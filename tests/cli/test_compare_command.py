"""cockpit compare: what tells some records from the others, as a page or as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Typed, refusal
from tests.test_comparing import log, order


@pytest.fixture
def app(tmp_path: Path) -> str:
    path = tmp_path / "app.log"
    log(path, 1_000, order).close()
    return str(path)


def test_a_page_for_a_chat(typed: Typed, app: str) -> None:
    result = typed("compare", app, "--where", "status>=500")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.split("\n")
    assert lines[0].startswith("status >= 500 (")
    assert lines[2].startswith("  items > ")
    assert lines[2].endswith(": 100 % of these, 0 % of the others")


def test_data_for_a_script(typed: Typed, app: str) -> None:
    told = json.loads(typed("compare", app, "--where", "status>=500", "--json").stdout)
    assert [each["name"] for each in told["sources"]] == ["app.log"]
    assert told["ours"]["group"] == "status >= 500"
    assert told["ours"]["records"] + told["others"]["records"] == 1_000
    first = told["factors"][0]
    assert (first["field"], first["op"], first["share"], first["others_share"]) == ("items", ">", 1.0, 0.0)


def test_after_a_time_against_before_it(typed: Typed, app: str) -> None:
    shown = typed("compare", app, "--at", "2026-11-23T10:12:17Z").stdout
    assert "(500 records) against before" in shown
    assert "Nothing tells them apart" in shown


def test_what_cannot_be_compared_is_said(typed: Typed, app: str) -> None:
    assert refusal(typed("compare", app)).startswith("Say which records to compare with the others: --where,")
    assert refusal(typed("compare", app, "--at", "soon")).startswith("--at: 'soon' is not a time.")
    assert "is no level" in refusal(typed("compare", app, "--level", "bad"))
    assert "None of these sources could be read." in typed("compare", f"{app}.gone", "--level", "error").stderr
