"""Of which day a page tells; preparing a summary, releasing it, correcting it: what is asked, and how it is refused."""

from typing import Any

from django import forms

from dashboards.summaries.body import Words
from dashboards.tgb.report import Brought
from ui.bounds import HAPPENED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm, paragraph


class AsOfForm(PlainForm):
    """The day of which a page tells, in its address."""

    button = "Show"
    on = DateField(
        label="As of",
        within=HAPPENED,
        help_text="Any day until today, like 1 3 2019.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_method = "get"


class PrepareSummaryForm(VersionedForm):
    """The trust's own words. The regulator reads them as they are typed."""

    button = "Save and see it as the regulator will"
    proud_of = paragraph("What we are proud of", required=True, missing="Write what the trust is proud of")
    hard = paragraph("What is hard", required=True, missing="Write what is hard")
    help_wanted = paragraph(
        "What help we want", help_text="Of the regulator, the coach or the other trusts. Leave it empty for none."
    )
    shows_rpiws = forms.BooleanField(
        label="Show single RPIWs",
        required=False,
        help_text="Each RPIW that was held, with its measures. Without this, only the trust's totals leave it.",
    )

    @property
    def words(self) -> Words:
        return Words(**self.changes)


class ReleaseForm(VersionedForm):
    confirmed = forms.BooleanField(
        label="I have read it, and release it for the trust",
        error_messages={"required": "Tick the box when you have read it and release it"},
    )


class CorrectionForm(PlainForm):
    reason = paragraph(
        "Why it is corrected",
        help_text="Whoever reads the earlier version finds this beside it.",
        required=True,
        missing="Write why it is corrected",
    )

    def clean_reason(self) -> str:
        reason: Any = self.cleaned_data["reason"]
        return reason.strip()


class ReportForm(VersionedForm):
    """What the trust brings to a meeting of the TGB."""

    button = "Save and see it as the board will"
    success = paragraph(
        "Success we bring",
        rows=3,
        required=True,
        missing="Write the success that you bring",
        help_text="One sentence, for the others to learn from. Name nobody.",
    )
    success_chart = forms.ChoiceField(
        label="The chart that shows it",
        required=False,
        help_text="Without one, the papers say that no chart supports it.",
    )
    challenge = paragraph(
        "Challenge we bring",
        rows=3,
        required=True,
        missing="Write the challenge that you bring",
        help_text="The problem as you see it, as a question. Not its solution.",
    )
    help_wanted = paragraph(
        "Help we want", rows=2, help_text="Of the regulator, the sensei or the other trusts. Leave it empty for none."
    )

    def __init__(self, *args: Any, charts: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["success_chart"].choices = [("", "No chart shows it"), *charts]  # type: ignore[attr-defined]
        self.fields["success_chart"].error_messages["invalid_choice"] = "Choose a chart that is on the list"

    @property
    def words(self) -> Brought:
        return Brought(**self.changes)


class ReleaseReportForm(ReleaseForm):
    button = "Release for the trust"

    confirmed = forms.BooleanField(
        label="I have read it, and let the board read it",
        error_messages={"required": "Tick the box when you have read it and release it"},
    )
