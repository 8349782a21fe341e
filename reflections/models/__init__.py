from reflections.models.breaches import Breach, BreachDraft, RepairStep, Talk
from reflections.models.lines import Line, PrivateNote, Prompt, Proposal, Scribe
from reflections.models.safe import Trace
from reflections.models.terms import SafetyRoutes, Terms

__all__ = [
    "Breach",
    "BreachDraft",
    "Line",
    "PrivateNote",
    "Prompt",
    "Proposal",
    "RepairStep",
    "SafetyRoutes",
    "Scribe",
    "Talk",
    "Terms",
    "Trace",
]
