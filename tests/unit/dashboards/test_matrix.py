"""One icon for each category of a value stream's metrics."""

from dashboards.matrix import icons_by_category


def test_concern_shows_before_an_improvement_and_an_improvement_before_no_change() -> None:
    judged = [
        ("quality", "few"),
        ("quality", "common"),
        ("service", "common"),
        ("service", "improvement_low"),
        ("delivery", "improvement_high"),
        ("delivery", "concern_low"),
        ("delivery", "common"),
    ]
    expected = {"quality": "common", "service": "improvement_low", "delivery": "concern_low"}
    assert icons_by_category(judged) == icons_by_category(reversed(judged)) == expected


def test_category_without_a_metric_has_no_icon() -> None:
    assert icons_by_category([]) == {}
