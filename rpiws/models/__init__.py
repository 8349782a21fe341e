from rpiws.models.measures import Checkpoint, Measure, NotComparable
from rpiws.models.people import RpiwPerson
from rpiws.models.preparation import PreparationTask
from rpiws.models.readings import GridSave, Observation, Reading, Reminder
from rpiws.models.rpiw import LIFE_CYCLE, ClosingDecision, Rpiw, State, Step, Transition
from rpiws.models.serving import MetricServed
from rpiws.models.week import Idea, NewspaperItem, Waste, WeekDay

__all__ = [
    "LIFE_CYCLE",
    "Checkpoint",
    "ClosingDecision",
    "GridSave",
    "Idea",
    "Measure",
    "MetricServed",
    "NewspaperItem",
    "NotComparable",
    "Observation",
    "PreparationTask",
    "Reading",
    "Reminder",
    "Rpiw",
    "RpiwPerson",
    "State",
    "Step",
    "Transition",
    "Waste",
    "WeekDay",
]
