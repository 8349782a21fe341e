"""What a person is told when an act is refused, in words for the page."""


class Refused(Exception):
    """Nothing was written. `str()` says why, and what to do."""


SAME_NAME = "Another metric of this value stream has this name"
