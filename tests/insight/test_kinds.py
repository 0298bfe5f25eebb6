"""Kinds of files, by their paths."""

from __future__ import annotations

import pytest

from cockpit.insight.kinds import Kind, kind_of, kinds_of


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        (Kind.CODE, "shop/cart.py src/main.go lib/latest.rb app/contest.py testing_room.c a/b.c Makefile"),
        (
            Kind.TESTS,
            "tests/test_cart.py cart_test.go src/__tests__/cart.js cart.spec.ts CartTest.java spec/cart_spec.rb",
        ),
        (Kind.DOCUMENTATION, "README.md docs/index.html CHANGELOG NEWS notes.txt man/cart.1"),
        (
            Kind.DEPENDENCIES,
            "requirements.txt requirements-dev.txt requirements/base.txt package.json web/package-lock.json go.mod "
            "go.sum pom.xml Gemfile.lock Cargo.toml composer.lock pyproject.toml poetry.lock shop.csproj",
        ),
        (
            Kind.CONFIGURATION,
            "deploy.yaml shop/config.py settings.py .env.production gunicorn.conf.py app.ini Dockerfile",
        ),
        (Kind.MIGRATION, "shop/migrations/0042_cart.py db/migrate/20260101_cart.rb V7__cart.sql"),
    ],
)
def test_the_kind_of_a_file(kind: Kind, paths: str) -> None:
    for path in paths.split():
        assert kind_of(path) is kind, path


def test_the_kinds_of_a_commit() -> None:
    assert kinds_of(["a.py", "go.mod", "b.py"]) == {Kind.CODE: ["a.py", "b.py"], Kind.DEPENDENCIES: ["go.mod"]}
