"""Reading a file in a child process that cannot hurt this one: see child.py and docs/adr/0016."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from metrics.files import limits
from metrics.files.child import UNREADABLE
from metrics.files.limits import Unreadable

ROOT = Path(__file__).resolve().parent.parent.parent
# Computing time is the kernel's to count; this ends a child that waits for something that never comes.
STUCK = 240


class Reading:
    """A child at work. `lines` is what it writes; `said` what it told at the end, once `finish` has returned."""

    def __init__(self, content: bytes, plan: Mapping[str, Any]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._file.write(content)
        self._file.seek(0)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        reader, writer = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "metrics.files.child", str(reader)],
                stdin=self._file,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                pass_fds=[reader],
                cwd=ROOT,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            )
        finally:
            os.close(reader)
        with os.fdopen(writer, "w", encoding="utf-8") as given:
            json.dump(plan, given)
        assert self.process.stdout is not None
        self.lines: BinaryIO = self.process.stdout  # type: ignore[assignment]
        self.said: dict[str, Any] = {}

    def finish(self) -> dict[str, Any]:
        """Wait for the end. Raises Unreadable with a sentence, whatever the file did to the child."""
        code = self.process.wait(STUCK)
        self._errors.seek(0)
        errors = self._errors.read()[-1_000_000:]
        last = errors.rsplit(b"\n", 1)[-1]
        if code in (0, UNREADABLE):
            self.said = json.loads(last)
        if code == UNREADABLE:
            raise Unreadable(self.said["unreadable"])
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            raise Unreadable(limits.TOO_SLOW)
        if code == -signal.SIGABRT or b"MemoryError" in errors or b"memory allocation" in errors:
            raise Unreadable(limits.TOO_MUCH_MEMORY)
        if code:
            raise Unreadable(limits.DAMAGED)
        return self.said

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.lines.close()
        self._file.close()
        self._errors.close()


@contextmanager
def reading(content: bytes, plan: Mapping[str, Any]) -> Iterator[Reading]:
    started = Reading(content, plan)
    try:
        yield started
    finally:
        started.close()


def look(content: bytes) -> dict[str, Any]:
    """What a file is: layout, sheet, headings, first rows. Raises Unreadable."""
    if len(content) > limits.UPLOAD:
        raise Unreadable(limits.TOO_LARGE)
    with reading(content, {"do": "look"}) as child:
        child.lines.read()
        return child.finish()


def rows(content: bytes, plan: Mapping[str, Any], numbers: list[int]) -> list[tuple[int, list[str]]]:
    """The cells of some rows as they stand in the file."""
    with reading(content, {**plan, "do": "rows", "lines": numbers}) as child:
        found = [json.loads(line) for line in child.lines]
        child.finish()
    return [(number, cells) for number, cells in found]
