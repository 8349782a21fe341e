"""What stops `make run` before it starts, each in one sentence."""

import socket
from collections import namedtuple
from pathlib import Path

import pytest

from improvement.services import run
from improvement.services.ports import Memory, free_port
from improvement.services.postgres import _why
from improvement.services.processes import CannotStart


@pytest.mark.parametrize("text", ["abc", "0", "70000", "-1"])
def test_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(CannotStart, match="between 1 and 65535"):
        run.wanted_port()


def test_port_in_use_is_named_with_another() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} .*make run PORT={port + 1}"):
            run.check_port(port)


def test_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(run.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**6))
    with pytest.raises(CannotStart, match="nearly full"):
        run.check_room(tmp_path)


def test_full_disk_is_read_from_the_server_s_log(tmp_path: Path) -> None:
    said = _why("PostgreSQL did not start", "FATAL: could not write: No space left on device", tmp_path / "log")
    assert "the disk is full" in said


def test_unreachable_database_is_named_without_its_password() -> None:
    url = f"postgresql://somebody:hush@127.0.0.1:{free_port()}/improvement"
    with pytest.raises(CannotStart, match=r"DATABASE_URL\) cannot be reached") as refusal:
        run.check_database("DATABASE_URL", url)
    assert "hush" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["somebody:hush@127.0.0.1/improvement", "mysql://somebody:hush@127.0.0.1/improvement"])
def test_address_that_is_none_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL is no address of a database") as refusal:
        run.check_database("DATABASE_URL", text)
    assert "hush" not in str(refusal.value)


def test_unreachable_broker_is_named() -> None:
    with pytest.raises(CannotStart, match=r"REDIS_URL\) cannot be reached"):
        run.check_broker(f"redis://127.0.0.1:{free_port()}/0")


def test_second_run_in_a_folder_is_refused(tmp_path: Path) -> None:
    run.only_one(tmp_path)
    with pytest.raises(CannotStart, match="running in this folder already"):
        run.only_one(tmp_path)


def test_memory_keeps_passwords_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "servers.json"
    password = Memory(path).password("somebody")
    assert Memory(path).password("somebody") == password
    assert path.stat().st_mode & 0o777 == 0o600


def test_memory_moves_on_from_a_port_in_use(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "servers.json")
    port = memory.port("postgres")
    assert memory.port("postgres") == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert memory.port("postgres") != port
