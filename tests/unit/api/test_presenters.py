"""The API's description as its page says it."""

import pytest

from api.presenters import addresses, answered, said, sent
from api.views.description import schema


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Its name.", "Its name."),
        ("`csv`: all rows, as `<b>`.", "<code>csv</code>: all rows, as <code>&lt;b&gt;</code>."),
        ("Where it is <i>.", "Where it is &lt;i&gt;."),
        ("Where.\n\n* `a` - one\n* `b` - at rest", "Where. One of <code>a</code>, <code>b</code>."),
    ],
)
def test_description_has_code_for_backticks_and_names_the_choices(text, html):
    assert str(said(text)) == html


def test_page_tells_every_address_and_what_is_sent_and_answered():
    told = addresses(schema())
    assert {(one.method, one.path) for one in told} >= {
        ("POST", "/api/v1/measurements"),
        ("GET", "/api/v1/trust-summaries"),
    }
    [log] = [one for one in told if (one.method, one.path) == ("POST", "/api/v1/measurements")]
    assert [line.name for line in log.takes] == ["Idempotency-Key"]
    assert {"new measurements", "new measurement", "new reading"} <= {part.name for part in sent(schema())}
    assert {"value stream", "RPIW", "summary"} <= {part.name for part in answered(schema())}


def test_every_column_is_explained_without_backticks():
    lines = [line for part in [*sent(schema()), *answered(schema())] for line in part.lines]
    assert len(lines) > 80
    assert [line.name for line in lines if not line.means or "`" in line.means] == []
