"""Run several programs together: labelled output, restarts, and one quick end for all of them.

Written here because what it must do at the end (everything gone within six seconds, the database last, nothing left
behind by a kill -9) is more than the process managers on the package index offer (docs/adr/0006).
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from improvement.services.processes import CannotStart, Record, signal_group, start, wait_all

COLOURS = ("36", "35", "33", "32", "34")
PATIENCE_PROGRAMS = 3.0
PATIENCE_SERVERS = 1.8


class Server(Protocol):
    """What the supervisor needs of an embedded server: Postgres and Broker are such."""

    process: "subprocess.Popen[bytes] | None"

    def start(self) -> None: ...

    def ask_to_stop(self) -> None: ...


@dataclass
class Program:
    """One of the product's own programs."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    begun: deque[float] = field(default_factory=lambda: deque(maxlen=5))


class Supervisor:
    """Starts, watches, restarts and ends; `run` returns when everything has ended."""

    def __init__(self, *, folder: Path, environment: Mapping[str, str], record: Record) -> None:
        self.folder = folder
        self.environment = environment
        self.record = record
        self.programs: list[Program] = []
        self.servers: dict[str, Server] = {}
        self.stopping = threading.Event()
        self.printing = threading.Lock()
        self.coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def say(self, label: str, line: str, *, colour: str = "1") -> None:
        label = f"{label:<8}|"
        if self.coloured:
            label = f"\033[{colour}m{label}\033[0m"
        with self.printing, contextlib.suppress(OSError, ValueError):
            print(f"{label} {line}", flush=True)

    def listen_for_the_end(self) -> None:
        """Ctrl-C, a closed terminal and a polite kill all mean the same."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def add_server(self, name: str, server: Server) -> None:
        """Start an embedded server now; it ends last."""
        server.start()
        self.servers[name] = server
        if server.process:
            self.record.note(name, server.process)

    def add(self, name: str, command: Sequence[str]) -> None:
        self.programs.append(Program(name, command))

    def launch(self, program: Program) -> None:
        program.process = start(
            program.command, output=subprocess.PIPE, environment=self.environment, folder=self.folder
        )
        program.begun.append(time.monotonic())
        self.record.note(program.name, program.process)
        colour = COLOURS[self.programs.index(program) % len(COLOURS)]
        output = program.process.stdout
        assert output is not None
        threading.Thread(target=self._relay, args=(program.name, output, colour), daemon=True).start()

    def _relay(self, name: str, output: IO[bytes], colour: str) -> None:
        for line in output:
            self.say(name, line.decode(errors="replace").rstrip(), colour=colour)

    def run(self, *, when_ready: Callable[[], bool]) -> int:
        """Keep everything running until told to stop; the exit code. `when_ready` is called until it answers true."""
        announced = False
        code = 0
        try:
            for program in self.programs:
                self.launch(program)
            while not self.stopping.wait(0.25):
                self._revive()
                announced = announced or when_ready()
        except CannotStart as reason:
            self.say("stopping", str(reason))
            code = 1
        finally:
            self.end()
        return code

    def _revive(self) -> None:
        for name, server in list(self.servers.items()):
            if server.process and server.process.poll() is not None:
                self.say(name, f"ended by itself ({server.process.returncode}); starting it again")
                self.add_server(name, server)
        for program in self.programs:
            ended = program.process
            if ended is None or ended.poll() is None:
                continue
            begun = program.begun
            if len(begun) == begun.maxlen and time.monotonic() - begun[0] < 60:
                raise CannotStart(f"{program.name} ended {len(begun)} times within a minute: see its last lines above.")
            self.say(program.name, f"ended by itself ({ended.returncode}); starting it again")
            signal_group(ended, signal.SIGKILL)
            self.stopping.wait(0.5 * len(begun))
            if not self.stopping.is_set():
                self.launch(program)

    def end(self) -> None:
        """Programs first, then the servers they talk to: under six seconds whatever they do."""
        if self.programs:
            self.say("stopping", "saving and closing ...")
        programs = [program.process for program in self.programs if program.process]
        for process in programs:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        wait_all(programs, seconds=PATIENCE_PROGRAMS)
        for process in programs:
            # A task that is cut off here leaves its marks, and the next start finds them.
            signal_group(process, signal.SIGKILL)
        for server in self.servers.values():
            server.ask_to_stop()
        servers = [server.process for server in self.servers.values() if server.process]
        if not wait_all(servers, seconds=PATIENCE_SERVERS):
            for process in servers:
                if process.poll() is None:
                    # To PostgreSQL: stop at once, recover from the log at the next start.
                    process.send_signal(signal.SIGQUIT)
            wait_all(servers, seconds=0.5)
            for process in servers:
                signal_group(process, signal.SIGKILL)
        self.record.clear()
