"""What a person is told when an act is refused, in words for the page."""


class Refused(Exception):
    """Nothing was written. `str()` says why, and what to do."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the record since the form was opened."""
