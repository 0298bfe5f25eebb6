"""What kind of file a path is of: code, tests, documentation, dependencies, configuration, a migration. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum


class Kind(Enum):
    """What a change of such a file can bring about."""

    CODE = "code"
    TESTS = "tests"
    DOCUMENTATION = "documentation"
    DEPENDENCIES = "dependencies"
    CONFIGURATION = "configuration"
    MIGRATION = "migration"


_DEPENDENCIES = re.compile(
    r"(?:^|/)(?:requirements[\w.-]*\.(?:txt|in)|requirements/[^/]+\.(?:txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|"
    r"Pipfile(?:\.lock)?|poetry\.lock|uv\.lock|pdm\.lock|package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|"
    r"pnpm-lock\.yaml|bun\.lockb?|go\.(?:mod|sum)|pom\.xml|build\.gradle(?:\.kts)?|gradle\.lockfile|libs\.versions\.toml|"
    r"Gemfile(?:\.lock)?|[^/]+\.gemspec|Cargo\.(?:toml|lock)|composer\.(?:json|lock)|mix\.(?:exs|lock)|[^/]+\.csproj|"
    r"packages\.(?:config|lock\.json)|Directory\.Packages\.props|conanfile\.(?:txt|py)|vcpkg\.json|environment\.ya?ml)$"
)
_MIGRATION = re.compile(
    r"(?:^|/)(?:migrations?|migrate|alembic/versions|flyway)/[^/]+|(?:^|/)V\d+__[^/]+\.sql$", re.IGNORECASE
)
_TESTS = re.compile(
    r"(?:^|/)(?:tests?|specs?|__tests__|testing|testdata|fixtures|t)/|(?:^|/)(?:test_[^/]+|[^/]+_test|[^/]+[._-](?:test|spec)s?|conftest)\.\w+$"
    r"|(?:^|/)[^/]+Tests?\.(?:java|kt|cs)$"
)
_DOCUMENTATION = re.compile(
    r"(?:^|/)(?:docs?|documentation|man|relnotes)/|\.(?:md|rst|adoc|txt|pod|texi|man|\d)$"
    r"|(?:^|/)(?:README|CHANGE(?:S|LOG)|NEWS|LICENSE|COPYING|AUTHORS|MAINTAINERS|CONTRIBUTORS|RELEASE-NOTES)[^/]*$",
    re.IGNORECASE,
)
_CONFIGURATION = re.compile(
    r"\.(?:ini|cfg|conf|config|env|properties|toml|ya?ml|tf|tfvars|hcl|service)$|\.conf\.\w+$|(?:^|/)\.env[^/]*$|(?:^|/)(?:settings|config)[^/]*\.\w+$"
    r"|(?:^|/)Dockerfile[^/]*$|(?:^|/)(?:config|conf|helm|charts|deploy|k8s)/[^/]+\.(?:json|xml|py|rb|js|exs|tpl)$",
    re.IGNORECASE,
)
_TABLE = (
    (_DEPENDENCIES, Kind.DEPENDENCIES),
    (_MIGRATION, Kind.MIGRATION),
    (_TESTS, Kind.TESTS),
    (_DOCUMENTATION, Kind.DOCUMENTATION),
    (_CONFIGURATION, Kind.CONFIGURATION),
)


def kind_of(path: str) -> Kind:
    """The kind of a file."""
    return next((kind for pattern, kind in _TABLE if pattern.search(path)), Kind.CODE)


def kinds_of(paths: Iterable[str]) -> dict[Kind, list[str]]:
    """The paths of each kind that occurs."""
    found: dict[Kind, list[str]] = {}
    for path in paths:
        found.setdefault(kind_of(path), []).append(path)
    return found
