"""Child processes that end with the process that started them, and a record by which a later run finds leftovers."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class CannotStart(Exception):
    """Why a service cannot start, as one sentence for the person who asked for it."""


def end_with_parent(number: int) -> Callable[[], None] | None:
    """For Popen's preexec_fn: the kernel sends this signal when the parent dies, even by -9 (Linux only)."""
    if _libc is None:
        return None
    libc = _libc
    parent = os.getpid()

    def request() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return request


def start(
    command: Sequence[str],
    *,
    output: IO[Any] | int,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user: str | None = None,
    death_signal: int = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own, so that the terminal's Ctrl-C reaches its supervisor alone."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=folder,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        start_new_session=True,
        preexec_fn=end_with_parent(death_signal),
    )


def signal_group(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Signal a child and everything in its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def wait_all(processes: Iterable["subprocess.Popen[bytes]"], *, seconds: float) -> bool:
    """Wait until every one has ended; false when the time was too short."""
    until = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(0.01, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
    return True


def end(process: "subprocess.Popen[bytes]", *, number: int = signal.SIGTERM, seconds: float = 5.0) -> None:
    """Ask one child to end, and insist when it does not."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        if not wait_all([process], seconds=seconds):
            signal_group(process, signal.SIGKILL)
            process.wait()
    # What the child itself had started shares its group.
    signal_group(process, signal.SIGKILL)


class Record:
    """The children of this folder, by id and start time: only what is written here is ever ended as a leftover."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: dict[str, dict[str, float]] = {}

    def note(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            self.entries[name] = {"pid": process.pid, "started": psutil.Process(process.pid).create_time()}
            self._write()

    def clear(self) -> None:
        self.entries = {}
        self.path.unlink(missing_ok=True)

    def end_leftovers(self) -> list[str]:
        """End what a killed run left behind; their names."""
        try:
            left: dict[str, dict[str, float]] = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return []
        found = {name: process for name, entry in left.items() if (process := self._same(entry))}
        families = [process for parent in found.values() for process in [*parent.children(recursive=True), parent]]
        for name, process in found.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        _, stubborn = psutil.wait_procs(families, timeout=5)
        for process in stubborn:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(stubborn, timeout=2)
        self.clear()
        return sorted(found)

    @staticmethod
    def _same(entry: dict[str, float]) -> psutil.Process | None:
        """The process of this entry, unless its id has been given to another one since."""
        try:
            process = psutil.Process(int(entry["pid"]))
            alive = process.status() != psutil.STATUS_ZOMBIE
            return process if alive and abs(process.create_time() - entry["started"]) < 0.5 else None
        except (psutil.Error, KeyError, TypeError, ValueError):
            return None

    def _write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self.entries))
        fresh.replace(self.path)
