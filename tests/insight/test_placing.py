"""Files of a repository found under whatever root the service was deployed."""

from __future__ import annotations

import pytest

from cockpit.insight.frames import Frame
from cockpit.insight.placing import Files, placed

FILES = Files(
    [
        "shop/cart.py",
        "tests/cart.py",
        "setup.py",
        "services/pay/src/main.go",
        "services/ship/src/main.go",
        "diff.c",
        "builtin/diff.c",
    ]
)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/srv/app/releases/42/shop/cart.py", "shop/cart.py"),
        ("shop/cart.py", "shop/cart.py"),
        ("../tests/cart.py", "tests/cart.py"),
        ("/srv/app/setup.py", "setup.py"),
        ("/build/diff.c", "diff.c"),
        ("/build/builtin/diff.c", "builtin/diff.c"),
        ("/go/pay/src/main.go", "services/pay/src/main.go"),
        ("src/main.go", ""),
        ("/srv/cart.py", ""),
        ("/srv/app/other.py", ""),
        ("", ""),
    ],
)
def test_the_longest_common_end_decides(path: str, file: str) -> None:
    assert FILES.fitting(path) == file


def test_a_map_says_what_a_path_alone_cannot() -> None:
    frames = [Frame("/srv/pay/src/main.go", 3, ""), Frame("/app/src/main.go", 4, "")]
    found = placed(frames, FILES, (("/app", "services/ship"),))
    assert [(each.number, each.path) for each in found] == [
        (1, "services/pay/src/main.go"),
        (2, "services/ship/src/main.go"),
    ]


def test_a_library_is_not_taken_for_the_service() -> None:
    frames = [Frame("/usr/lib/python3.11/site-packages/other/setup.py", 3, "")]
    assert placed(frames, FILES)[0].path == ""
