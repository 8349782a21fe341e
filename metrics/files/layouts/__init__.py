"""The files that can be read: a trust's own tables by matching columns, and four that are published for all trusts.

Each layout is a module with `recognises(table)` and `read(rows, out)`; LAYOUTS names them in the order of asking.
"""

from types import ModuleType

from metrics.files.layouts import accident_emergency, cqc, friends_family, own, turnover

OWN = "own"
CQC = "cqc"
LAYOUTS: dict[str, ModuleType] = {
    "turnover": turnover,
    "friends_family": friends_family,
    CQC: cqc,
    "accident_emergency": accident_emergency,
    OWN: own,
}
