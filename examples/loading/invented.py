"""What the teams of the generated RPIWs did and found: invented, and the same for each."""

from rpiws.models import Idea, Waste

REASONS = {
    "cancel": "The process is being replaced by a regional service.",
    "stand_down": "The ward team covers another site until its own reopens.",
}

TEAM = (
    ("Two nurses", "nursing"),
    ("Doctor in training", "medicine"),
    ("Ward clerk", "administration"),
    ("Pharmacist", "pharmacy"),
    ("Porter", "estates and facilities"),
)

WEEK = (
    ("Understand", "Walked the process with the patient representative; timed ten."),
    ("See the waste", "The seven wastes marked on the wall; three ideas chosen."),
    ("Test", "Two ideas tried on the day shift."),
    ("Test again", "The second idea changed after the night; standard work drafted."),
    ("Report-out", "Shown to the sponsor and the home team."),
)

IDEAS = (
    (
        "One board for everybody who waits",
        "Half of the calls fall away",
        "Calls fell from 31 to 12 in a day; two at night were missed",
        "Adopt; the night co-ordinator updates the board",
        Idea.Outcome.ADOPTED,
    ),
    (
        "Agree the list at the morning huddle",
        "Half of the work is done before noon",
        "Five of nine before noon; the receiving team was not ready",
        "Adapt: the receiving team joins by telephone",
        Idea.Outcome.ADAPTED,
    ),
    (
        "Book the porter an hour ahead",
        "No wait for a porter",
        "The porter waited instead",
        "Abandon: the waste was moved and not removed",
        Idea.Outcome.ABANDONED,
    ),
)

WASTES = (
    (Waste.Kind.WAITING, Waste.Finding.REMOVED, "Two waits of a quarter of an hour each"),
    (Waste.Kind.MOTION, Waste.Finding.REMOVED, "240 m for each round"),
    (Waste.Kind.DEFECTS, Waste.Finding.REMOVED, "Records asked for twice"),
    (Waste.Kind.OVERPROCESSING, Waste.Finding.REMOVED, "Two fields of a form"),
    (Waste.Kind.TRANSPORT, Waste.Finding.NONE_FOUND, ""),
    (Waste.Kind.INVENTORY, Waste.Finding.NOT_LOOKED_AT, ""),
    (Waste.Kind.OVERPRODUCTION, Waste.Finding.NONE_FOUND, ""),
)

LATE_TASK = 2  # nobody has invited a patient representative yet

NEWSPAPER = (
    "Put the standard work on the wall of both bays",
    "Teach the night team",
    "Order the second board",
)
