"""`make run` as a person meets it: from nothing in a folder's var/, to Ctrl-C, to the next start, to a crash."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from improvement.services.ports import free_port
from tests.processes import ROOT, wait_until

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]


class Folder:
    """A copy of the product with a var/ of its own; the installed packages are shared."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.port = free_port()
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
        )
        for name in listed.stdout.splitlines():
            if (ROOT / name).is_file():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, path / name)
        (path / "var").mkdir()
        shutil.copytree(ROOT / "var" / "frontend", path / "var" / "frontend")
        self.process: subprocess.Popen[bytes] | None = None
        self.output = path / "output.txt"

    def start(self) -> None:
        """Start it, and wait until the sign-ins are printed."""
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "improvement.services.run"],
                cwd=self.path,
                env=kept | {"PORT": str(self.port)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(
            lambda: self.process.poll() is not None or "Ctrl-C ends everything" in self.said(),
            seconds=300,
            why=self.said,
        )
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def health(self) -> dict[str, object]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=5) as answer:
            return json.load(answer)

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def interrupt(self) -> float:
        assert self.process is not None
        family = self.family()
        begun = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        took = time.monotonic() - begun
        assert not [member for member in family if member.is_running()]
        return took

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


@pytest.fixture(scope="module")
def folder() -> Iterator[Folder]:
    path = Path(tempfile.mkdtemp(prefix="improvement-run-"))
    made = Folder(path)
    yield made
    made.end()
    shutil.rmtree(path, ignore_errors=True)


def passwords(folder: Folder) -> dict[str, object]:
    facts = json.loads((folder.path / "var" / "servers.json").read_text())
    return {name: value for name, value in facts.items() if name.endswith("_password")}


def test_first_run_serves_and_ends_quickly(folder: Folder) -> None:
    folder.start()
    # Pages answer before the worker has done its first sweep.
    wait_until(lambda: folder.health()["status"] == "ok", seconds=30, why=folder.said)
    said = folder.said()
    assert f"http://127.0.0.1:{folder.port}" in said
    assert re.search(r"^worker +\|", said, re.MULTILINE)
    assert re.search(r"^beat +\|", said, re.MULTILINE)
    assert not any(str(password) in said for password in passwords(folder).values())
    assert folder.interrupt() < 6
    assert "Traceback" not in folder.said()


def test_second_run_sets_nothing_up_again_and_keeps_the_data(folder: Folder) -> None:
    before = passwords(folder)
    folder.start()
    assert passwords(folder) == before
    assert "No migrations to apply" in folder.said()
    assert "Applying" not in folder.said()
    assert not re.search("install|loading|npm", folder.said(), re.IGNORECASE)


def test_second_run_at_once_is_refused_in_one_sentence(folder: Folder) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "improvement.services.run"], cwd=folder.path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("`make run` is running in this folder already")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["worker", "valkey", "web", "postgres"])
def test_part_that_dies_comes_back(folder: Folder, name: str) -> None:
    record = folder.path / "var" / "running.json"
    before = json.loads(record.read_text())[name]["pid"]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: json.loads(record.read_text())[name]["pid"] != before, seconds=30, why=folder.said)

    def well() -> bool:
        try:
            return folder.health()["status"] == "ok"
        except OSError:
            return False

    wait_until(well, seconds=30, why=folder.said)


def test_killed_run_leaves_nothing_and_recovers(folder: Folder) -> None:
    family = folder.family()
    assert folder.process is not None
    folder.process.kill()
    folder.process.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive
    folder.start()
    wait_until(lambda: folder.health()["status"] == "ok", seconds=30, why=folder.said)
    assert folder.interrupt() < 6
