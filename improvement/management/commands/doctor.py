"""`manage.py doctor`: what is wrong with this installation, and what to do. Exit code 1 when something is."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from improvement.doctor import Finding, Level, examine, gather


def lines(finding: Finding) -> list[str]:
    said = [f"{finding.level.value:<8} {finding.about:<11} {finding.what}"]
    return [*said, f"{'':<20} {finding.do}"] if finding.do else said


class Command(BaseCommand):
    help = "Says what is wrong with this installation and what to do; exit code 1 when there is a fault."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine(gather())
        for finding in findings:
            self.stdout.write("\n".join(lines(finding)))
        if any(finding.level is Level.FAULT for finding in findings):
            sys.exit(1)
