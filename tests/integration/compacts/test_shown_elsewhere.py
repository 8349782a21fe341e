"""The compact in force as rooms above show it: below an agenda, below a dashboard."""

from datetime import date

import pytest
from django.template import engines

from compacts.models import Compact
from compacts.presenters.sheet import Sheet
from tests.factories.compacts import drafted, published

pytestmark = pytest.mark.django_db

AGENDA = '{% from "compacts/parts/sheet.html" import promises %}{{ promises(sheet, level=4) }}'


def test_compact_in_force_is_appended_with_every_promise_and_no_link_to_change_it(django_assert_num_queries):
    version = published(drafted(), on=date(2021, 1, 1))
    in_force = Compact.objects.in_force(version.compact.partnership, on=date(2021, 3, 16))
    with django_assert_num_queries(3):
        sheet = Sheet.of(in_force)
        page = engines["jinja2"].from_string(AGENDA).render({"sheet": sheet})
    assert [page.count(promise.text) for promise in version.promises] == [1, 1, 1, 1]
    assert "The regulator promises to" in page
    assert "<h4>Theme 1</h4>" in page
    assert "<a " not in page
