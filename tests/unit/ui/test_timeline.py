import datetime as dt
import xml.etree.ElementTree as ET

from ui.timeline import MARK_ICONS, Band, Bar, Mark, Row, Timeline, draw

D = dt.date
TODAY = D(2021, 3, 11)


def texts(timeline):
    svg = ET.fromstring(draw(timeline).svg("What happened"))
    return [node.text for node in svg.iter("{http://www.w3.org/2000/svg}text")] or [
        node.text for node in svg.iter("text")
    ]


def test_timeline_speaks_and_escapes():
    svg = draw(Timeline([Row("A <b>", marks=[Mark(TODAY, "late", "60 & late")])], TODAY)).svg('say "it"')
    root = ET.fromstring(svg)
    assert root.get("aria-label") == 'say "it"'
    assert "<b>" not in svg


def test_short_axis_names_quarters_and_long_axis_years():
    short = texts(Timeline([Row("A", marks=[Mark(D(2020, 2, 1), "week", "week")])], TODAY))
    assert {"2020", "Jan", "Apr", "Today"} <= set(short)
    long = texts(Timeline([Row("A", bars=[Bar(D(2010, 5, 1), None, "Since then")])], TODAY))
    assert {"2010", "2015", "2020"} <= set(long)
    assert "Apr" not in long


def test_every_kind_of_mark_is_drawn():
    marks = [Mark(TODAY + dt.timedelta(days=40 * i), kind, kind) for i, kind in enumerate(MARK_ICONS)]
    svg = draw(Timeline([Row("A", marks=marks)], TODAY)).svg()
    assert all(f"<title>{kind}</title>" in svg for kind in MARK_ICONS)


def test_close_marks_make_a_row_higher():
    apart = [Mark(D(2021, 1, 1), "complete", "1"), Mark(D(2021, 2, 20), "complete", "2")]
    close = [Mark(D(2021, 1, 1), "complete", "1"), Mark(D(2021, 1, 2), "complete", "2")]
    assert draw(Timeline([Row("A", marks=close)], TODAY)).height > draw(Timeline([Row("A", marks=apart)], TODAY)).height


def test_words_of_a_narrow_bar_go_below_or_beside():
    narrow = Bar(D(2019, 7, 1), D(2020, 2, 1), "Paula Clark", "interim, 2019-2020", "hatched")
    crowded = [Bar(D(2010, 1, 1), D(2019, 6, 30), "A"), narrow, Bar(D(2020, 2, 2), None, "B")]
    assert "Paula Clark: interim, 2019-2020" in texts(Timeline([Row("Chief", bars=crowded)], TODAY))
    alone = draw(Timeline([Row("Chief", bars=[narrow])], TODAY, start=D(2010, 1, 1)))
    assert alone.height < draw(Timeline([Row("Chief", bars=crowded)], TODAY)).height


def test_bands_rows_and_notes_are_kept_for_phones():
    row = Row(
        "A", marks=[Mark(D(2021, 2, 3), "measured", "30")], line=(D(2021, 1, 4), D(2021, 4, 8)), note="60 is late"
    )
    drawing = draw(Timeline([row], TODAY, [Band(D(2020, 3, 20), None, "Stand-down", "pandemic")]))
    assert drawing.rows[0].marks[0].icon == "done"
    assert "Stand-down" in drawing.svg()
    assert "60 is late" in drawing.svg()


def test_timeline_without_rows_still_draws():
    assert draw(Timeline([], TODAY)).svg().startswith("<svg")
