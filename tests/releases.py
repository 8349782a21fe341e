"""The release before this one, from the history: what people still run while a newer one's migrations are applied."""

import io
import subprocess
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = ROOT / "tests" / "architecture" / "migrations_before_the_first_release.txt"
WHOLE_HISTORY = "This needs the whole history: clone without --depth, or run `git fetch --unshallow` first."


@dataclass(frozen=True)
class Release:
    """`released` is false while the product has never had another version: then it stands for the next one's sake."""

    commit: str
    version: str
    released: bool


def git(*arguments: str, folder: Path = ROOT) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.strip()}. {WHOLE_HISTORY}"
    return done.stdout.strip()


def version_in(text: str) -> str:
    return str(tomllib.loads(text)["project"]["version"])


def before_the_first_release() -> set[str]:
    """Migrations that nobody will ever apply under a running product, as `rpiws/migrations/0001_initial.py`."""
    return {line for line in FIRST.read_text().splitlines() if line and not line.startswith("#")}


def migrations(names: str) -> set[str]:
    return {name for name in names.splitlines() if name.endswith(".py") and not name.endswith("__init__.py")}


def previous(folder: Path = ROOT, *, first: set[str] | None = None) -> Release:
    """The last commit whose version differs from the present one.

    Where there is none yet: the newest commit that lacks a migration which is not `first`, else the newest commit.
    """
    first = before_the_first_release() if first is None else first
    assert git("rev-parse", "--is-shallow-repository", folder=folder) == "false", WHOLE_HISTORY
    present = version_in((folder / "pyproject.toml").read_text())
    newest = git("rev-parse", "HEAD", folder=folder)
    if (committed := version_in(git("show", "HEAD:pyproject.toml", folder=folder))) != present:
        return Release(newest, committed, released=True)
    bumped = newest
    for commit in git("log", "--first-parent", "--format=%H", "--", "pyproject.toml", folder=folder).splitlines():
        version = version_in(git("show", f"{commit}:pyproject.toml", folder=folder))
        if version != present:
            return Release(git("rev-parse", f"{bumped}^", folder=folder), version, released=True)
        bumped = commit
    paths = ("--", "*/migrations/*.py")
    if migrations(git("ls-files", "--others", "--exclude-standard", *paths, folder=folder)) - first:
        return Release(newest, present, released=False)
    added = git("log", "--first-parent", "--diff-filter=A", "--format=%H", *paths, folder=folder).splitlines()
    for commit in added:
        names = migrations(git("show", "--format=", "--name-only", "--diff-filter=A", commit, *paths, folder=folder))
        if names - first:
            return Release(git("rev-parse", f"{commit}^", folder=folder), present, released=False)
    return Release(newest, present, released=False)


def unpack(commit: str, into: Path) -> None:
    """The files of a commit."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
