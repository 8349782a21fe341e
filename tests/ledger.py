"""People and systems who save readings by HTTP, and what they were told: compared with the database afterwards."""

import http.client
import json
import random
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from accounts.permissions import Role
from rpiws.models import Checkpoint, Measure, Reading
from snapshots.models import ChangeMark, Snapshot
from snapshots.recompute import as_text
from snapshots.registry import Scope, registered
from tests.factories.api import client_of
from tests.factories.rpiws import MeasureFactory, ReadingFactory, RpiwFactory, monday
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member
from tests.processes import wait_until

GIVES_UP = 0.05
LATER = (Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90)


class World:
    """One trust, its value streams, and an RPIW of each whose later checkpoints are all open."""

    def __init__(self, *, streams: int = 3, measures: int = 8) -> None:
        self.trust = TrustFactory()
        self.streams = ValueStreamFactory.create_batch(streams, trust=self.trust)
        self.measures: list[Measure] = []
        for stream in self.streams:
            rpiw = RpiwFactory(value_stream=stream, following_up=True, week_starts=monday(weeks=-30))
            self.measures += MeasureFactory.create_batch(measures, rpiw=rpiw)
        for measure in self.measures:
            ReadingFactory(measure=measure)

    @property
    def scopes(self) -> list[Scope]:
        own = [("value_stream", stream.pk) for stream in self.streams]
        return [*own, ("trust", self.trust.pk), ("partnership", self.trust.partnership_id)]


@dataclass(frozen=True)
class Answer:
    """`status` is 0 when no answer came."""

    status: int
    text: str
    seconds: float


class Caller:
    """Asks one site by HTTP."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        began = time.monotonic()
        line = http.client.HTTPConnection(self.host, timeout=30)
        try:
            line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = line.getresponse()
            return Answer(answer.status, answer.read().decode(errors="replace"), time.monotonic() - began)
        except (OSError, http.client.HTTPException):
            return Answer(0, "", time.monotonic() - began)
        finally:
            line.close()


class Person(Caller):
    """Somebody signed in, who saves as the grid's script does."""

    TOKEN = "t" * 32

    def __init__(self, address: str, user) -> None:
        super().__init__(address)
        self.user = user
        client = Client()
        client.force_login(user)
        self.cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    def get(self, path: str) -> Answer:
        return self.ask("GET", path, Cookie=self.cookies)

    def save(self, measure: Measure, checkpoint: str, value: int, *, seen: int, key: uuid.UUID, **more: str) -> Answer:
        at = f"m{measure.pk}"
        sent = {
            "csrfmiddlewaretoken": self.TOKEN,
            "key": str(key),
            "measured_on": str(timezone.localdate()),
            f"{at}-value": f"{value} min",
            f"{at}-seen": str(seen),
            f"{at}-why": "Mistyped" if seen else "",
        }
        return self.ask(
            "POST",
            f"/rpiws/{measure.rpiw_id}/readings/?checkpoint={checkpoint}",
            urlencode(sent | more),
            Cookie=f"{self.cookies}; csrftoken={self.TOKEN}",
            Content_Type="application/x-www-form-urlencoded",
            X_Grid="part",
        )

    def accepts(self, answer: Answer) -> bool:
        return answer.status == 200 and '"saved"' in answer.text


class System(Caller):
    """A trust's own system, which saves through the API."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address)
        self.token = token

    def save(self, measure: Measure, checkpoint: str, value: int, *, seen: int, key: uuid.UUID) -> Answer:
        reading = {"measure": measure.pk, "value": f"{value} min"}
        if seen:
            reading |= {"corrects_version": seen, "why": "Mistyped"}
        sent = {"rpiw": measure.rpiw_id, "checkpoint": checkpoint, "measured_on": str(timezone.localdate())}
        return self.ask(
            "POST",
            "/api/v1/readings",
            json.dumps(sent | {"readings": [reading]}),
            Authorization=f"Bearer {self.token}",
            Content_Type="application/json",
            Idempotency_Key=str(key),
        )

    def accepts(self, answer: Answer) -> bool:
        return answer.status == 201


Cell = tuple[Measure, str]


@dataclass
class Ledger:
    """What was accepted, and what nobody was told about. Every value is used once, so it can be found again."""

    accepted: list[tuple[Cell, int]] = field(default_factory=list)
    unknown: list[tuple[Cell, int]] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    repeated: int = 0
    unanswered: int = 0


class Load:
    """Savers in threads of their own, each at its own cells, until told to stop.

    Whoever gets no answer, or one that says that the site is in trouble, sends the same again under the same key until
    it is accepted - or gives up now and then, and goes on with another cell.
    """

    def __init__(self, world: World, address: str, *, people: int = 4, systems: int = 2, pause: float = 0.05) -> None:
        self.world = world
        self.pause = pause
        self.ledger = Ledger()
        self.stopped = threading.Event()
        callers: list[Person | System] = [
            Person(address, member(Role.FACILITATOR, world.trust)) for _ in range(people)
        ] + [System(address, client_of(world.trust, name=f"System {n}").token) for n in range(systems)]
        cells: list[Cell] = [(measure, checkpoint) for measure in world.measures for checkpoint in LATER]
        self.threads = [
            threading.Thread(target=self._go_on, args=(caller, cells[n :: len(callers)], n))
            for n, caller in enumerate(callers)
        ]

    def __enter__(self) -> "Load":
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(90)
        assert not any(thread.is_alive() for thread in self.threads)

    def _go_on(self, caller: Person | System, cells: list[Cell], number: int) -> None:
        dice = random.Random(number)
        versions: dict[Cell, int] = defaultdict(int)
        value = (number + 1) * 100_000
        ledger = self.ledger
        while not self.stopped.is_set() and cells:
            cell = dice.choice(cells)
            value += 1
            key = uuid.uuid4()
            while True:
                answer = caller.save(*cell, value, seen=versions[cell], key=key)
                ledger.waits.append((time.monotonic() - self.began - answer.seconds, answer.seconds))
                if caller.accepts(answer):
                    ledger.accepted.append((cell, value))
                    versions[cell] += 1
                    break
                if answer.status and answer.status < 500:
                    ledger.odd.append(f"{answer.status}: {answer.text[:500]}")
                    cells.remove(cell)
                    break
                if "Traceback" in answer.text or "psycopg2" in answer.text:
                    ledger.odd.append(f"{answer.status} shows its inside: {answer.text[:500]}")
                ledger.unanswered += 1
                if dice.random() < GIVES_UP or self.stopped.is_set():
                    ledger.unknown.append((cell, value))
                    cells.remove(cell)
                    break
                ledger.repeated += 1
                self.stopped.wait(0.3)
            self.stopped.wait(self.pause)

    @property
    def slowest(self) -> float:
        return max(seconds for _, seconds in self.ledger.waits)


def check_ledger(ledger: Ledger) -> None:
    """Every accepted reading stands once in the cell's history, and is the cell's value if it was its last; what was
    not acknowledged stands there at most once."""
    assert ledger.odd == []
    measures = {cell[0].pk for cell, _ in ledger.accepted + ledger.unknown}
    written: dict[tuple[int, str, Decimal], int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT measure_id, checkpoint, value FROM rpiws_readingevent"
            " WHERE measure_id = ANY(%s) AND pgh_label IN ('insert', 'update')",
            [list(measures)],
        )
        for row in cursor.fetchall():
            written[row] += 1
    last: dict[tuple[int, str], int] = {}
    for (measure, checkpoint), value in ledger.accepted:
        assert written[measure.pk, checkpoint, Decimal(value)] == 1, (measure.pk, checkpoint, value)
        last[measure.pk, checkpoint] = value
    for (measure, checkpoint), value in ledger.unknown:
        times = written[measure.pk, checkpoint, Decimal(value)]
        assert times <= 1, (measure.pk, checkpoint, value)
        if times:
            last[measure.pk, checkpoint] = value
    stored = Reading.objects.filter(measure__in=measures, checkpoint__in=LATER)
    assert {(one.measure_id, one.checkpoint): int(one.value) for one in stored} == last


def differences(scopes: list[Scope]) -> list[str]:
    """Where the stored dashboards differ from what is computed from scratch, now and without storing anything."""
    found = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for kind, scope_id in scopes:
            stored = Snapshot.objects.filter(kind=kind, scope_id=scope_id).values_list("body", flat=True).first()
            fresh = json.loads(as_text(registered(kind).compute(scope_id)))
            found += _differing(json.loads(stored) if stored else None, fresh, f"{kind} {scope_id}")
        left = [scope for scope in ChangeMark.objects.values_list("kind", "scope_id").distinct() if scope in scopes]
        found += [f"{scope} has marks" for scope in left]
    return found


def _differing(stored, fresh, at: str) -> list[str]:
    if isinstance(stored, dict) and isinstance(fresh, dict):
        return [
            line
            for key in sorted(stored.keys() | fresh.keys())
            for line in _differing(stored.get(key), fresh.get(key), f"{at}.{key}")
        ]
    if isinstance(stored, list) and isinstance(fresh, list) and len(stored) == len(fresh):
        return [
            line for n, pair in enumerate(zip(stored, fresh, strict=True)) for line in _differing(*pair, f"{at}[{n}]")
        ]
    return [] if stored == fresh else [f"{at}: {str(stored)[:60]} stored, {str(fresh)[:60]} from scratch"]


CATCH_UP = 30


def catches_up(scopes: list[Scope], *, since: float, why=lambda: "") -> float:
    """Seconds from `since` until every dashboard equals a computation from scratch, with nobody helping."""
    seen: list[str] = []

    def equal() -> bool:
        seen[:] = differences(scopes)
        if seen:
            time.sleep(0.2)
        return not seen

    left = CATCH_UP - (time.monotonic() - since)
    try:
        wait_until(equal, seconds=max(left, 1), why=lambda: "\n".join(seen[:10]) + why())
    finally:
        connections.close_all()
    return time.monotonic() - since
