"""Migrations are linear, and safe to apply while the previous release serves pages (docs/adr/0011)."""

import subprocess
from pathlib import Path

import pytest
from django_migration_linter import MigrationLinter

from tests import releases
from tests.releases import ROOT

FIRST = releases.before_the_first_release()
ALL = releases.migrations(releases.git("ls-files", "--cached", "--others", "--exclude-standard", "*/migrations/*.py"))
HOW = """
An older version must go on working while this one is applied: add first, use next, remove in the release after, build
indexes concurrently (docs/adr/0011). As long as no release was made, {first} may name it.
"""


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)  # indexes are built concurrently, outside a transaction
def test_new_migrations_are_safe_under_the_previous_release(capsys: pytest.CaptureFixture[str]) -> None:
    linter = MigrationLinter(all_warnings_as_errors=True, quiet=["ok", "ignore"])
    for name in sorted(ALL - FIRST):
        app, _, file = Path(name).parts
        linter.lint_all_migrations(app_label=app, migration_name=Path(file).stem)
    assert not linter.has_errors, capsys.readouterr().out + HOW.format(first=releases.FIRST.relative_to(ROOT))


@pytest.mark.django_db
def test_unsafe_migration_is_found() -> None:
    linter = MigrationLinter(all_warnings_as_errors=True, no_output=True)
    linter.lint_all_migrations(app_label="trusts", migration_name="0003_add_known_as")
    assert linter.has_errors


def test_exceptions_are_there_and_as_old_as_they_say() -> None:
    assert set() == FIRST - ALL, "these are gone: take them off the list"
    release = releases.previous()
    if release.released:
        there = releases.migrations(releases.git("ls-tree", "-r", "--name-only", release.commit))
        assert FIRST - there == set(), "these are newer than a release: make them safe instead"


class History:
    """A repository of a test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        releases.git("init", "-q", folder=folder)

    def commit(self, version: str, *names: str) -> str:
        self.write("pyproject.toml", f'[project]\nversion = "{version}"\n')
        for name in names:
            self.write(name, "")
        releases.git("add", "-A", folder=self.folder)
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        releases.git(*who, "commit", "-q", "--allow-empty", "-m", "a step", folder=self.folder)
        return releases.git("rev-parse", "HEAD", folder=self.folder)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def previous(self, **options: set[str]) -> releases.Release:
        return releases.previous(self.folder, first=options.get("first", set()))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def test_previous_release_is_the_last_commit_with_the_previous_version(history: History) -> None:
    history.commit("1.0.0")
    last = history.commit("1.0.0", "a.txt")
    history.commit("1.1.0")
    history.commit("1.1.0", "a/migrations/0001_a.py")
    assert history.previous() == releases.Release(last, "1.0.0", released=True)


def test_previous_release_is_the_newest_commit_while_the_version_is_being_changed(history: History) -> None:
    last = history.commit("1.0.0")
    history.write("pyproject.toml", '[project]\nversion = "1.1.0"\n')
    assert history.previous() == releases.Release(last, "1.0.0", released=True)


def test_without_a_release_the_commit_before_the_newest_migration_stands_for_it(history: History) -> None:
    before = history.commit("1.0.0", "a/migrations/0001_a.py")
    newer = history.commit("1.0.0", "a/migrations/0002_b.py")
    newest = history.commit("1.0.0", "a.txt")
    assert history.previous() == releases.Release(before, "1.0.0", released=False)
    both = {"a/migrations/0001_a.py", "a/migrations/0002_b.py"}
    assert history.previous(first=both) == releases.Release(newest, "1.0.0", released=False)
    assert newer != newest
    history.write("a/migrations/0003_c.py", "")
    assert history.previous(first=both) == releases.Release(newest, "1.0.0", released=False)


def test_shallow_clone_is_refused_in_words(history: History, tmp_path: Path) -> None:
    history.commit("1.0.0")
    history.commit("1.0.0", "a.txt")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{history.folder}", str(clone)], check=True)
    with pytest.raises(AssertionError, match="fetch --unshallow"):
        releases.previous(clone, first=set())
