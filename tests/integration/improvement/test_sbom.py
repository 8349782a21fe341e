"""The list of what the product runs with names everything that the locks install, and nothing else."""

import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from improvement.services import sbom
from tests.processes import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sbom")
    sbom.main(made)
    return made


def components(file: Path) -> set[tuple[str, str]]:
    text = file.read_text()
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    assert JsonStrictValidator(version).validate_str(text) is None
    return {(part["name"], part["version"]) for part in json.loads(text)["components"]}


def test_python_packages_are_those_of_the_lock(folder: Path) -> None:
    lock = (ROOT / "requirements" / "run.txt").read_text()
    pinned = set(re.findall(r"^([\w.\-]+)(?:\[[\w,]+\])?==(\S+)", lock, re.MULTILINE))
    assert len(pinned) > 40
    assert components(folder / "python.json") == pinned


def test_browser_packages_are_those_of_the_lock_that_pages_use(folder: Path) -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    used = {
        (name.removeprefix("node_modules/"), package["version"])
        for name, package in packages.items()
        if name and not package.get("dev")
    }
    assert components(folder / "browser.json") == used
