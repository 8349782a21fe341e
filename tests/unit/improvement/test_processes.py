"""Only what was recorded, and is still the same process, is ever ended as a leftover."""

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

from improvement.services.processes import Record, end, start

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_leftover_is_ended(tmp_path: Path) -> None:
    process = start(SLEEP, output=subprocess.DEVNULL)
    record = Record(tmp_path / "running.json")
    record.note("web", process)
    assert Record(tmp_path / "running.json").end_leftovers() == ["web"]
    assert process.poll() is not None


def test_process_that_got_the_same_id_is_left_alone(tmp_path: Path) -> None:
    process = start(SLEEP, output=subprocess.DEVNULL)
    try:
        started = psutil.Process(process.pid).create_time()
        path = tmp_path / "running.json"
        path.write_text(json.dumps({"web": {"pid": process.pid, "started": started - 60}}))
        assert Record(path).end_leftovers() == []
        assert process.poll() is None
    finally:
        end(process, number=9)


def test_broken_record_counts_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "running.json"
    path.write_text("{")
    assert Record(path).end_leftovers() == []


def test_child_ends_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time\n"
        "from improvement.services.processes import start\n"
        f"child = start({SLEEP!r}, output=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    until = time.monotonic() + 5
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        time.sleep(0.05)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
