import xml.etree.ElementTree as ET

import pytest

from ui import icons
from ui.sparkline import sparkline

ALL = [
    *((icons.icon, name) for name in icons.MARKS),
    *((icons.variation, kind) for kind in icons.VARIATION),
    *((icons.mini, kind) for kind in [*icons.VARIATION, None]),
    *((icons.assurance, kind) for kind in ("pass", "fail", "hit")),
]


@pytest.mark.parametrize(("draw", "kind"), ALL)
def test_icon_is_hidden_or_speaks(draw, kind):
    hidden = ET.fromstring(draw(kind, 24, None))
    assert hidden.get("aria-hidden") == "true"
    assert hidden.get("role") is None
    spoken = ET.fromstring(draw(kind, 24, label=True))
    assert spoken.get("role") == "img"
    assert spoken.get("aria-label")


def test_icon_label_is_escaped():
    assert '"<b>' not in icons.icon("late", label='"<b>')


def test_icon_unknown_kind():
    for draw in (icons.icon, icons.variation, icons.mini, icons.assurance):
        with pytest.raises(KeyError):
            draw("tremendous")


def test_outline_says_the_judgement_without_colour():
    assert '<rect x="2"' in icons.variation("concern_high")
    assert 'r="18"' in icons.variation("improvement_low")
    assert "stroke-dasharray" in icons.variation("few")


def test_target_line_lies_where_the_better_direction_puts_it():
    assert icons.assurance("pass", better="lower") != icons.assurance("pass", better="higher")
    assert icons.assurance("none") == ""


def test_every_mark_has_a_name():
    assert set(icons.NAMES) == set(icons.MARKS)


def test_sparkline_breaks_where_nothing_was_measured():
    drawn = sparkline([1, 2, None, 3], mean=2, lower=1, upper=3, target=2)
    line = ET.fromstring(drawn).findall("path")[-1].get("d")
    assert line.count("M") == 2


def test_sparkline_marks_signals_and_the_last_point_only():
    drawn = sparkline([1, 2, 3, 4], ["common", "improvement_high", "concern_high", "common"])
    assert drawn.count(icons.GOOD_FILL) == 1
    assert drawn.count(icons.BAD_FILL) == 1
    assert drawn.count("<circle") == 1


def test_sparkline_without_values_is_nothing():
    assert sparkline([None, None]) == ""
