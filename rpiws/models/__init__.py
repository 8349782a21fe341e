from rpiws.models.measures import Checkpoint, Measure
from rpiws.models.people import RpiwPerson
from rpiws.models.preparation import PreparationTask
from rpiws.models.readings import GridSave, Observation, Reading, Reminder
from rpiws.models.rpiw import ClosingDecision, Rpiw, State, Transition
from rpiws.models.week import Idea, NewspaperItem, Waste, WeekDay

__all__ = [
    "Checkpoint",
    "ClosingDecision",
    "GridSave",
    "Idea",
    "Measure",
    "NewspaperItem",
    "Observation",
    "PreparationTask",
    "Reading",
    "Reminder",
    "Rpiw",
    "RpiwPerson",
    "State",
    "Transition",
    "Waste",
    "WeekDay",
]
