"""The person's own formats: taken before the known ones, and told exactly what is wrong in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.clock import from_rfc3339
from cockpit.logs.file import LogFile
from cockpit.logs.formats import FormatError, Teller
from cockpit.logs.levels import Level
from cockpit.logs.own_formats import load_format, load_formats, teller
from cockpit.logs.record import parse

NOW = from_rfc3339("2026-11-23T17:00:00Z")
SHOP = r"""
name = "shop"
line = '(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)~(?P<level>\w)~(?P<shop>\w+)~(?P<message>.*)'
levels = { x = "error", o = "info" }
samples = ["2026-11-23 10:02:11~X~berlin~cart failed"]
"""


def test_a_log_is_read_as_its_owner_says(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(SHOP)
    log = tmp_path / "shop.log"
    log.write_text("2026-11-23 10:02:11~X~berlin~cart failed\n  more\n2026-11-23 10:02:12~o~paris~done\n")
    file = LogFile(log, NOW, Teller(load_formats(tmp_path, [])))
    assert file.form.name == "shop"
    assert file.index.facts(0) == (from_rfc3339("2026-11-23T10:02:11Z"), Level.ERROR, 2)
    record = parse(file.read(0), file.form)
    assert (record.message, record.fields, record.more) == ("cart failed", (("shop", "berlin"),), ("  more",))
    file.close()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("name =", "nmae ="), r"line 2: unknown key 'nmae'; did you mean 'name'\?"),
        (("(?P<time>", "((?P<time>"), "line 3: no regular expression"),
        (("(?P<time>", "(?P<at>"), None),
        (('x = "error"', 'x = "eror"'), "line 4: 'eror' is no level"),
        (("~X~", "-X-"), "line 5: the sample .* does not match"),
        (("name = ", "name "), "not valid TOML"),
        (("samples", 'heads = "often"\nsamples'), "line 5: 'often' is none of timed"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, change: tuple[str, str], sentence: str | None) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(SHOP.replace(*change))
    if sentence is None:
        assert load_format(file).name == "shop"
        return
    with pytest.raises(FormatError, match=sentence):
        load_format(file)
    problems: list[str] = []
    assert load_formats(tmp_path, problems) == ()
    assert len(problems) == 1


def test_a_format_may_be_forced_by_name(tmp_path: Path) -> None:
    log = tmp_path / "odd.log"
    log.write_text("a=1 b=2 c=3\n")
    problems: list[str] = []
    file = LogFile(log, NOW, teller(tmp_path, "Text with times", problems))
    assert (file.form.name, file.form.why.startswith("chosen by name"), problems) == ("text with times", True, [])
    file.close()
    assert teller(tmp_path, "logfnt", problems).forced is None
    assert "did you mean 'logfmt'" in problems[0]
