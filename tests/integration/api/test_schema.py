"""The committed description says what the code does, and its examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.views.description import as_yaml
from metrics.models import Measurement
from rpiws.models import Reading
from tests.factories.api import client_of
from tests.factories.metrics import MetricVersionFactory
from tests.factories.rpiws import MeasureFactory
from tests.processes import SiteProcess

ROOT = Path(__file__).resolve().parents[3]


def test_committed_description_is_the_codes():
    """When it is not: python -m improvement.services.checking spectacular --file docs/openapi.yaml"""
    assert (ROOT / "docs" / "openapi.yaml").read_bytes().strip() == as_yaml().strip()


def examples(language):
    """Every example of the language, one after the other: later ones use what earlier ones made."""
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL))


@pytest.mark.django_db(transaction=True)
def test_examples_run(transactional_db):
    measure = MeasureFactory()
    version = MetricVersionFactory(metric__value_stream=measure.rpiw.value_stream)
    token = client_of(measure.rpiw.value_stream.trust).token
    site = SiteProcess()
    site.start()
    try:
        environment = os.environ | {
            "SITE": site.address,
            "TOKEN": token,
            "METRIC": str(version.metric_id),
            "no_proxy": "127.0.0.1",
        }
        for command in (["sh", "-ec", examples("sh")], [sys.executable, "-c", examples("python")]):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
    finally:
        site.stop()
    assert done.stdout.split("\n")[:2] == ["1 reading", "2 values"]
    assert Reading.objects.get().value == 45
    recorded = Measurement.objects.order_by("on").values_list("value", "missing")
    assert [(value and float(value), missing) for value, missing in recorded] == [
        (84.2, ""),
        (None, "not_collected"),
        (84.2, ""),
    ]
