"""The words of a trust's own pages of what it brings to the TGB."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from dashboards.models import TrustReport
from dashboards.presenters.tgb import TrustPanel, panel_of
from ui.words import moment


@dataclass(frozen=True)
class ReportLine:
    meeting: date
    version: int
    href: str
    status: tuple[str, str]
    detail: str


def report_lines(reports: Iterable[TrustReport]) -> list[ReportLine]:
    return [_line(report) for report in reports]


def _line(report: TrustReport) -> ReportLine:
    released = report.is_released
    status = ("done", "Released") if released else ("plain", "Draft")
    detail = (
        f"{moment(report.released_at)}, {report.get_released_by_role_display()}"
        if released
        else f"written {moment(report.prepared_at)}"
    )
    return ReportLine(report.meeting.on, report.version, reverse("report", args=[report.pk]), status, detail)


def shown_report(report: TrustReport) -> TrustPanel:
    words = report_lines([report])[0]
    return panel_of(json.loads(report.body), released=f"{words.status[1]} {words.detail}", links=True)
