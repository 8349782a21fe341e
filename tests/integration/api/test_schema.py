"""The committed description says what the code does, and its examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.views.description import as_yaml
from rpiws.models import Reading
from tests.factories.api import client_of
from tests.factories.rpiws import MeasureFactory
from tests.processes import SiteProcess

ROOT = Path(__file__).resolve().parents[3]


def test_committed_description_is_the_codes():
    """When it is not: python -m improvement.services.checking spectacular --file docs/openapi.yaml"""
    assert (ROOT / "docs" / "openapi.yaml").read_bytes().strip() == as_yaml().strip()


def example(language):
    return re.search(rf"```{language}\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)[1]


@pytest.mark.django_db(transaction=True)
def test_examples_run(transactional_db):
    measure = MeasureFactory()
    token = client_of(measure.rpiw.value_stream.trust).token
    site = SiteProcess()
    site.start()
    try:
        environment = os.environ | {"SITE": site.address, "TOKEN": token, "no_proxy": "127.0.0.1"}
        for command in (["sh", "-ec", example("sh")], [sys.executable, "-c", example("python")]):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
    finally:
        site.stop()
    assert done.stdout.strip() == "1 reading"
    assert Reading.objects.get().value == 45
