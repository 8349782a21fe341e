"""Monthly series that nobody measured: the same for a seed on every machine, each row marked synthetic."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from statistics import NormalDist

from examples.loading.tables import months_ago
from examples.nhs_vmi.chance import Chance
from metrics.models import Measurement, MetricVersion, Unit

Row = dict[str, str]


def generated(version: MetricVersion, row: Row, *, today: date) -> Iterator[Measurement]:
    """One series of generated_series.csv: months counted back from today's, `first` down to `last`.

    level: the mean, or from `then` (`9:22`: 22 from 9 months ago on). With `out_of`, a percentage of about so many
    counted ones, that scatters as such counts do; otherwise `spread` is the standard deviation.
    """
    chance = Chance(int(row["seed"]))
    missing = dict(one.split(":") for one in row["missing"].split(";") if one)
    from_then, later = row["then"].split(":") if row["then"] else ("0", "0")
    for month in range(int(row["first"]), int(row["last"]) - 1, -1):
        level = float(later if month <= int(from_then) else row["level"])
        measurement = Measurement(version=version, on=months_ago(month, today), synthetic=True)
        if row["out_of"]:
            _fill_share(measurement, chance, level, int(row["out_of"]))
        else:
            value = chance_around(chance, level, float(row["spread"]))
            measurement.value = round(Decimal(max(value, 0)), 0 if version.unit == Unit.COUNT else version.decimals)
        if why := missing.get(str(month)):
            measurement.value = measurement.numerator = measurement.denominator = None
            measurement.missing = Measurement.Missing(why)
        yield measurement


def _fill_share(measurement: Measurement, chance: Chance, level: float, about: int) -> None:
    out_of = chance.whole(about - about // 12, about + about // 12)
    share = level / 100
    counted = round(chance_around(chance, share * out_of, (share * (1 - share) * out_of) ** 0.5))
    counted = min(max(counted, 0), out_of)
    measurement.numerator, measurement.denominator = Decimal(counted), Decimal(out_of)
    measurement.value = round(Decimal(100 * counted) / out_of, 6)


def chance_around(chance: Chance, level: float, spread: float) -> float:
    """A normal value, without the last three in a thousand: a chart's signals are then the ones meant."""
    return level + spread * NormalDist().inv_cdf(chance.between(0.0015, 0.9985))
