"""schemathesis asks what the description allows, and much that it does not, with each kind of client."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tried
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from api.views.description import schema
from tests.factories.api import client_of, regulator_client
from tests.processes import SiteProcess

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = (
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    ignored_auth,
)
DESCRIBED = schemathesis.openapi.from_dict(schema())


@pytest.fixture
def site(transactional_db):
    site = SiteProcess(API_REQUESTS_A_MINUTE="1000000")
    site.start()
    yield site
    site.stop()


@pytest.mark.parametrize("kind", ["reads", "writes", "regulator"])
def test_no_answer_falls_outside_the_description(kind, trust, measure, site):
    made = regulator_client(trust.partnership) if kind == "regulator" else client_of(trust, writes=kind == "writes")

    for result in DESCRIBED.get_all_operations():
        operation = result.ok()

        @tried(
            max_examples=6,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case):
            case.call_and_validate(
                base_url=site.address, checks=CHECKS, headers={"Authorization": f"Bearer {made.token}"}
            )

        ask()
