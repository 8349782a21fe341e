"""A trust's context as rows and as a table, without a database."""

from datetime import date

from trusts.models import ChiefExecutive, CqcRating, RegulatoryPeriod, StandDown
from trusts.timeline import NOTHING, Context, context_rows, context_table

JOINED = date(2015, 10, 1)


def context(*, ratings=(), leaders=(), periods=(), stand_downs=()):
    return Context(ratings, leaders, periods, stand_downs, JOINED)


def test_rows_without_facts_say_not_recorded():
    rows = context_rows(context())
    assert [row.label for row in rows] == [
        "CQC rating",
        "Chief executive",
        "Regulatory period",
        "Stand-down",
        "Partnership",
    ]
    assert [row.note for row in rows[:4]] == [NOTHING] * 4


def test_rating_stands_until_the_next_one():
    ratings = [
        CqcRating(rating="inadequate", rated=date(2018, 11, 1)),
        CqcRating(rating="good", rated=date(2014, 7, 1)),
    ]
    bars = context_rows(context(ratings=ratings))[0].bars
    assert [(bar.label, bar.start, bar.end, bar.kind) for bar in bars] == [
        ("Good", date(2014, 7, 1), date(2018, 11, 1), "plain"),
        ("Inadequate", date(2018, 11, 1), None, "bad"),
    ]


def test_interim_leader_is_hatched():
    leaders = [ChiefExecutive(name="A, as published", interim=True, started=date(2019, 1, 1), ended=date(2020, 1, 1))]
    [bar] = context_rows(context(leaders=leaders))[1].bars
    assert (bar.kind, bar.detail) == ("hatched", "2019–2020")


def test_overlapping_periods_go_to_rows_of_their_own():
    periods = [
        RegulatoryPeriod(kind="quality", started=date(2018, 1, 1), ended=date(2020, 1, 1)),
        RegulatoryPeriod(kind="financial", started=date(2019, 1, 1)),
        RegulatoryPeriod(kind="enforcement", started=date(2020, 1, 1)),
    ]
    rows = context_rows(context(periods=periods))
    regulatory = [row for row in rows if any(bar.kind == "bad" for bar in row.bars)]
    assert [row.label for row in regulatory] == ["Regulatory period", ""]
    assert [[bar.label for bar in row.bars] for row in regulatory] == [["Quality", "Enforcement"], ["Financial"]]


def test_table_holds_the_same_facts_by_date():
    stand_down = StandDown(started=date(2020, 3, 20), ended=date(2020, 8, 31), reason="pandemic", stops_training=True)
    rating = CqcRating(rating="good", rated=date(2014, 1, 1), rated_precision="year", source="CQC report")
    facts = context_table(context(ratings=[rating], stand_downs=[stand_down]))
    assert [(fact.kind, fact.what, fact.when) for fact in facts] == [
        ("CQC rating", "Good", "2014"),
        ("Partnership", "Joined the partnership", "October 2015"),
        ("Stand-down", "RPIWs and training of the whole trust", "Fri 20 March 2020 to Mon 31 August 2020"),
    ]
    assert facts[0].source == "CQC report"
