"""What an action refuses, as a sentence for the person."""


class Refused(Exception):
    """Why it cannot be done now."""


class ChangedMeanwhile(Exception):
    """Somebody else has changed this wording since the page with the form was shown."""
