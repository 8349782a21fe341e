"""Free local ports, and the addresses and passwords that a folder remembers from one run to the next."""

import json
import os
import secrets
import socket
from pathlib import Path

HOST = "127.0.0.1"


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(preferred: int | None = None) -> int:
    """The preferred port when it is free, else one that the system picks."""
    if preferred and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Memory:
    """What one folder's servers remember: ports and generated passwords, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.facts: dict[str, str | int] = json.loads(path.read_text())
        except (OSError, ValueError):
            self.facts = {}

    def password(self, name: str) -> str:
        key = f"{name}_password"
        if key not in self.facts:
            self.facts[key] = secrets.token_urlsafe(24)
            self.write()
        return str(self.facts[key])

    def port(self, name: str) -> int:
        key = f"{name}_port"
        remembered = self.facts.get(key)
        port = free_port(int(remembered) if remembered else None)
        if port != remembered:
            self.facts[key] = port
            self.write()
        return port

    def write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self.facts, file)
        fresh.replace(self.path)
