"""RPIWs at every stage of their life on the day the example is loaded: generated, and marked so."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.permissions import Role
from examples.loading.context import Place
from examples.loading.invented import IDEAS, LATE_TASK, NEWSPAPER, REASONS, TEAM, WASTES, WEEK
from examples.loading.people import Staff
from examples.loading.tables import rows
from rpiws.actions.preparation import USUAL_TASKS
from rpiws.life_cycle import week_problems
from rpiws.models import (
    Checkpoint,
    ClosingDecision,
    Idea,
    Measure,
    NewspaperItem,
    PreparationTask,
    Reading,
    Rpiw,
    RpiwPerson,
    State,
    Transition,
    Waste,
    WeekDay,
)
from trusts.models import StandDown, ValueStream

SOURCE = "Generated for the example"
Part = RpiwPerson.Part


@dataclass(frozen=True)
class Stage:
    """Where an RPIW of the example stands. `report_out`: days from the day of loading to a report-out, before the
    last report-out by then is taken. `measured`: the checkpoints that have readings."""

    state: State
    report_out: int
    measured: tuple[Checkpoint, ...] = ()


_BASE, _OUT = Checkpoint.BASELINE, Checkpoint.REPORT_OUT
_30, _60, _90 = Checkpoint.DAY_30, Checkpoint.DAY_60, Checkpoint.DAY_90

STAGES = {
    "planned": Stage(State.PLANNED, 124),
    "preparing": Stage(State.PREPARING, 40),
    "week": Stage(State.WEEK, 4, (_BASE,)),
    "thirty_due": Stage(State.FOLLOWING_UP, -20, (_BASE, _OUT)),
    "sixty_due": Stage(State.FOLLOWING_UP, -52, (_BASE, _OUT, _30)),
    "sixty_late": Stage(State.FOLLOWING_UP, -63, (_BASE, _OUT, _30)),
    "never": Stage(State.FOLLOWING_UP, -98, (_BASE, _OUT, _30)),
    "closed": Stage(State.CLOSED, -200, (_BASE, _OUT, _30, _60, _90)),
    "cancelled": Stage(State.CANCELLED, 60),
    "stood_down": Stage(State.STOOD_DOWN, -24, (_BASE, _OUT)),
}

_HELD = (State.FOLLOWING_UP, State.CLOSED, State.STOOD_DOWN)
_PATH = {
    State.PLANNED: (),
    State.CANCELLED: ("cancel",),
    State.PREPARING: ("prepare",),
    State.WEEK: ("prepare", "start_week"),
    State.FOLLOWING_UP: ("prepare", "start_week", "follow_up"),
    State.CLOSED: ("prepare", "start_week", "follow_up", "close"),
    State.STOOD_DOWN: ("prepare", "start_week", "follow_up", "stand_down"),
}
_ENTERED = {
    "prepare": State.PREPARING,
    "start_week": State.WEEK,
    "follow_up": State.FOLLOWING_UP,
    "close": State.CLOSED,
    "cancel": State.CANCELLED,
    "stand_down": State.STOOD_DOWN,
}


def load_current(
    places: dict[str, Place], staff: dict[str, Staff], streams: dict[tuple[str, int], ValueStream], *, today: date
) -> None:
    for row in rows("current_rpiws.csv"):
        _Loading(
            row,
            stream=streams[row["trust"], int(row["value_stream_number"])],
            place=places[row["trust"]],
            staff=staff[row["trust"]],
            today=today,
        ).load()


class _Loading:
    """One RPIW of the example being put in, with its records."""

    def __init__(self, row: dict[str, str], *, stream: ValueStream, place: Place, staff: Staff, today: date) -> None:
        self.row, self.stream, self.place, self.staff, self.today = row, stream, place, staff, today
        self.stage = STAGES[row["stage"]]
        self.chance = random.Random(f"{row['trust']} {row['process']}")  # noqa: S311 - an example, repeatable
        self.defects_baseline = self.chance.randint(24, 60)
        self.walking_baseline = self.chance.randrange(380, 640, 20)
        self.report_out = last_report_out(today + timedelta(days=self.stage.report_out))
        self.week_starts = self.report_out - timedelta(days=4)

    def load(self) -> None:
        self.rpiw = self._rpiw()
        self._transitions()
        self._people()
        if self.stage.state is not State.PLANNED:
            self._preparation()
        self._measures()
        if self.stage.state in (State.WEEK, *_HELD):
            self._week()
        if self.stage.state in _HELD:
            self._newspaper()
        if self.stage.state is State.STOOD_DOWN:
            self._stand_down()

    def _rpiw(self) -> Rpiw:
        state = self.stage.state
        last = Rpiw.objects.filter(value_stream=self.stream).order_by("-number").first()
        return Rpiw.objects.create(
            value_stream=self.stream,
            number=last.number + 1 if last else 1,
            process=self.row["process"],
            aim=f"{self.row['aim']}. Team {self.place.team}.",
            state=state,
            state_before_stand_down=State.FOLLOWING_UP if state is State.STOOD_DOWN else "",
            week_starts=self.week_starts,
            week_ends=self.report_out,
            reported_out=self.report_out if state in _HELD else None,
            closing_decision=ClosingDecision.HOLD if state is State.CLOSED else "",
            closing_note="Checked each month at the huddle." if state is State.CLOSED else "",
            report_out_notes=f"Team {self.place.team} showed its new standard work." if state in _HELD else "",
            synthetic=True,
            source=SOURCE,
        )

    def _day_of(self, step: str) -> date:
        return {
            "prepare": self.week_starts - timedelta(weeks=8),
            "start_week": self.week_starts,
            "follow_up": self.report_out,
            "close": self.report_out + timedelta(days=97),
            "cancel": self.today - timedelta(days=12),
            "stand_down": self.report_out + timedelta(days=6),
        }[step]

    def _transitions(self) -> None:
        left = State.PLANNED
        for step in _PATH[self.stage.state]:
            day = min(self._day_of(step), self.today)
            Transition.objects.create(
                rpiw=self.rpiw,
                step=step,
                left=left,
                entered=_ENTERED[step],
                on=day,
                at=_noon(day),
                by=self.staff[Role.EXECUTIVE_SPONSOR if step == "close" else Role.KPO_LEAD],
                reason=REASONS.get(step, ""),
            )
            left = _ENTERED[step]

    def _people(self) -> None:
        place = self.place.trust.short_name
        accounts = [
            (Part.EXECUTIVE_SPONSOR, Role.EXECUTIVE_SPONSOR, "Executive director", ""),
            (Part.PROCESS_OWNER, Role.PROCESS_OWNER, "Process owner", ""),
            (Part.WORKSHOP_LEAD, Role.WORKSHOP_LEAD, "Workshop lead", RpiwPerson.Certification.CERTIFIED),
            (Part.WORKSHOP_LEAD, Role.FACILITATOR, "KPO facilitator", RpiwPerson.Certification.IN_TRAINING),
        ]
        people = [
            RpiwPerson(
                rpiw=self.rpiw, part=part, user=self.staff[role], post=f"{post}, {place}", certification=certification
            )
            for part, role, post, certification in accounts
        ]
        if self.stage.state not in (State.PLANNED, State.PREPARING):
            people.append(
                RpiwPerson(rpiw=self.rpiw, part=Part.PATIENT_REPRESENTATIVE, post="Former patient, in all five days")
            )
        people.append(RpiwPerson(rpiw=self.rpiw, part=Part.HOME_TEAM, post=f"Team {self.place.team}, 14 people"))
        people += [
            RpiwPerson(rpiw=self.rpiw, part=Part.TEAM, post=post, discipline=discipline) for post, discipline in TEAM
        ]
        RpiwPerson.objects.bulk_create(people)

    def _preparation(self) -> None:
        by = self.staff[Role.FACILITATOR]
        tasks = []
        for place, task in enumerate(USUAL_TASKS):
            due = task.due(self.week_starts)
            still_open = self.stage.state is State.PREPARING and (place == LATE_TASK or due >= self.today)
            done = None if still_open else min(due, self.today)
            tasks.append(
                PreparationTask(
                    rpiw=self.rpiw,
                    name=task.name,
                    due=due,
                    who=task.who,
                    done=done,
                    done_by=by if done else None,
                )
            )
        PreparationTask.objects.bulk_create(tasks)

    def _measures(self) -> None:
        by = self.staff[Role.FACILITATOR]
        measures = Measure.objects.bulk_create(
            Measure(rpiw=self.rpiw, position=place, remeasured_by=by, remeasured_by_post=by.name, **facts)
            for place, facts in enumerate(self._definitions(), start=1)
        )
        readings = []
        for measure in measures:
            for checkpoint in self.stage.measured:
                if checkpoint == _90 and measure.kind == Measure.Kind.WALKING:
                    readings.append(self._not_measured(measure, checkpoint))
                else:
                    readings.append(self._reading(measure, checkpoint))
        Reading.objects.bulk_create(readings)

    def _definitions(self) -> list[dict]:
        row = self.row
        lower = Measure.Better.LOWER
        return [
            {
                "name": row["lead_time"],
                "kind": Measure.Kind.LEAD_TIME,
                "unit": "min",
                "better_when": lower,
                "target": _rounded(Decimal(row["lead_post"]) * Decimal("1.1"), 0),
                "starts_when": row["starts_when"],
                "ends_when": row["ends_when"],
                "sampling": "ten in a row, timed on paper",
            },
            {
                "name": row["ratio"],
                "kind": Measure.Kind.DEFECT_RATIO,
                "unit": "%",
                "better_when": lower,
                "target": Decimal(row["ratio_post"]),
                "outputs": row["outputs"],
                "sampling": "25 in a row",
            },
            {
                "name": f"Defects found in a week of {row['outputs']}",
                "kind": Measure.Kind.DEFECTS,
                "unit": "defects",
                "better_when": lower,
                "target": Decimal(8),
                "defect_basis": Measure.DefectBasis.PER_PERIOD,
                "outputs": row["outputs"],
            },
            {
                "name": "Walking distance for one round",
                "kind": Measure.Kind.WALKING,
                "unit": "m",
                "better_when": lower,
                "target": Decimal(200),
            },
            {
                "name": "Environment, health and safety",
                "kind": Measure.Kind.SAFETY_5S,
                "unit": "level",
                "better_when": Measure.Better.HIGHER,
                "target": Decimal(4),
            },
        ]

    def _reading(self, measure: Measure, checkpoint: Checkpoint) -> Reading:
        day = self._measured_on(checkpoint)
        reading = Reading(
            measure=measure,
            checkpoint=checkpoint,
            measured_on=day,
            recorded_by=self.staff[Role.FACILITATOR],
            recorded_at=_noon(day),
            simulated=checkpoint == _OUT and measure.kind == Measure.Kind.DEFECTS,
            synthetic=True,
            source=SOURCE,
        )
        progress = {_BASE: 0.0, _OUT: 0.75, _30: 0.85, _60: 0.95, _90: 1.0}[checkpoint]
        self._value(reading, measure, progress=progress * self.chance.uniform(0.85, 1.08))
        return reading

    def _value(self, reading: Reading, measure: Measure, *, progress: float) -> None:
        row = self.row
        match measure.kind:
            case Measure.Kind.LEAD_TIME:
                reading.value = _between(float(row["lead_baseline"]), float(row["lead_post"]), progress)
                reading.sample_size = 10
            case Measure.Kind.DEFECT_RATIO:
                reading.denominator = Decimal(25)
                share = _between(float(row["ratio_baseline"]), float(row["ratio_post"]), progress, places=4)
                reading.numerator = _rounded(max(share, Decimal(0)) * 25, 0)
                reading.value = _rounded(reading.numerator / 25, 6)
                reading.sample_size = 25
            case Measure.Kind.DEFECTS:
                reading.value = _between(self.defects_baseline, 7, progress)
            case Measure.Kind.WALKING:
                reading.value = _between(self.walking_baseline, 180, progress)
            case Measure.Kind.SAFETY_5S:
                reading.value = _rounded(Decimal(1 + 3 * min(progress, 1.0)), 0)

    def _not_measured(self, measure: Measure, checkpoint: Checkpoint) -> Reading:
        day = self._measured_on(checkpoint)
        return Reading(
            measure=measure,
            checkpoint=checkpoint,
            not_measured=Reading.NotMeasured.OTHER,
            not_measured_note="The corridor was closed for building work",
            measured_on=day,
            recorded_by=self.staff[Role.FACILITATOR],
            recorded_at=_noon(day),
            synthetic=True,
            source=SOURCE,
        )

    def _measured_on(self, checkpoint: Checkpoint) -> date:
        after = {_BASE: -32, _OUT: 0, _30: 30, _60: 61, _90: 91}[checkpoint]
        return min(self.report_out + timedelta(days=after), self.today)

    def _week(self) -> None:
        days = [
            WeekDay(rpiw=self.rpiw, day=self.week_starts + timedelta(days=place), heading=heading, text=text)
            for place, (heading, text) in enumerate(WEEK)
            if self.week_starts + timedelta(days=place) <= self.today
        ]
        WeekDay.objects.bulk_create(days)
        held = self.stage.state in _HELD
        Idea.objects.bulk_create(
            Idea(
                rpiw=self.rpiw,
                position=place,
                name=name,
                predicted=predicted,
                happened=happened if held else "",
                next_step=next_step if held else "",
                outcome=outcome if held else Idea.Outcome.TESTING,
                tested_on=min(self.week_starts + timedelta(days=2), self.today),
            )
            for place, (name, predicted, happened, next_step, outcome) in enumerate(IDEAS, start=1)
        )
        Waste.objects.bulk_create(
            Waste(
                rpiw=self.rpiw,
                kind=kind,
                finding=finding if held else Waste.Finding.NOT_LOOKED_AT,
                removed=removed if held else "",
            )
            for kind, finding, removed in WASTES
        )

    def _newspaper(self) -> None:
        by = self.staff[Role.PROCESS_OWNER]
        closed = self.stage.state is State.CLOSED
        for place, action in enumerate(NEWSPAPER):
            due = self.report_out + timedelta(days=14 + 21 * place)
            done = due if closed or due < self.today - timedelta(days=20) else None
            NewspaperItem.objects.create(
                rpiw=self.rpiw, action=action, owner=by.name, due=due, done=done, done_by=by if done else None
            )

    def _stand_down(self) -> None:
        StandDown.objects.create(
            trust=self.place.trust,
            value_stream=self.stream,
            started=self._day_of("stand_down"),
            ended=self.today + timedelta(days=45),
            reason=StandDown.Reason.STAFFING,
            explanation="The ward team covers another site",
            decided_by="Transformation Guidance Team",
            synthetic=True,
            source=SOURCE,
        )


def last_report_out(day: date) -> date:
    """The last Friday by the day that ends a whole working week: no bank holiday in it."""
    friday = day - timedelta(days=(day.weekday() - 4) % 7)
    while week_problems(friday - timedelta(days=4), friday):
        friday -= timedelta(weeks=1)
    return friday


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places))


def _between(baseline: float, post: float, progress: float, *, places: int = 0) -> Decimal:
    return _rounded(Decimal(str(baseline + (post - baseline) * progress)), places)
