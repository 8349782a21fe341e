"""The image and the composition keep to what production asks of them."""

import json
import re
import subprocess
from typing import Any

import pytest

from tests import compose
from tests.compose import ROOT
from tests.processes import PROGRAMS

EVERYTHING = dict.fromkeys(compose.variables(), "value")
SERVICES = compose.read(EVERYTHING)["services"]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(PROGRAMS / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True)


def test_compose_file_keeps_to_the_specification() -> None:
    done = run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_dockerfile_keeps_to_the_rules() -> None:
    done = run("hadolint", "Dockerfile")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_may_do_no_more_than_it_must(name: str) -> None:
    service: dict[str, Any] = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert service["healthcheck"].get("disable") is True or service["healthcheck"]["test"]
    assert service["logging"]["options"]["max-size"]
    assert bool(service.get("ports")) == (name == "proxy"), "only the proxy can be reached from outside"


def test_data_is_out_of_the_proxys_reach_and_has_no_way_out() -> None:
    networks = compose.read(EVERYTHING)["networks"]
    assert networks["data"]["internal"]
    assert networks["pages"]["internal"]
    assert "data" not in SERVICES["proxy"]["networks"]
    for name in ("postgres", "valkey", "migrate", "beat"):
        assert SERVICES[name]["networks"] == ["data"]


def test_only_the_migrations_know_the_role_that_owns_the_tables() -> None:
    secret = dict.fromkeys(compose.variables(), "value") | {"OWNER_PASSWORD": "of-the-owner"}
    services = compose.read(secret)["services"]
    knowing = {name for name, service in services.items() if "of-the-owner" in json.dumps(service)}
    assert knowing == {"postgres", "migrate"}


def test_shutdown_has_the_time_that_celery_takes() -> None:
    from improvement.settings import messages

    grace = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))
    assert SERVICES["worker"]["stop_signal"] == "SIGQUIT"
    assert grace >= messages.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT + 10


def test_image_starts_and_checks_what_web_starts_and_checks() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    checked, started = re.findall(r"CMD (\[.+\])$", dockerfile, re.MULTILINE)
    assert json.loads(started) == SERVICES["web"]["command"]
    assert ["CMD", *json.loads(checked)] == SERVICES["web"]["healthcheck"]["test"]
    assert re.search(r"^USER [1-9]\d*$", dockerfile, re.MULTILINE)


def test_example_environment_names_every_variable() -> None:
    named = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(compose.variables())


def test_operators_page_names_every_setting_from_the_environment() -> None:
    read = set()
    for path in (ROOT / "improvement" / "settings").glob("*.py"):
        if path.name not in ("development.py", "test.py"):
            found = re.findall(r"""(?:environ\.get\(|environ\[|listed\(|number\()\s*"([A-Z_]+)\"""", path.read_text())
            read |= set(found)
    assert len(read) > 10
    page = (ROOT / "docs" / "operator.md").read_text()
    assert sorted(name for name in read if f"`{name}`" not in page) == []
