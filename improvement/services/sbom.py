"""`make sbom`: the packages that this product runs with, in CycloneDX, from the locks: python.json and browser.json."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = Path(sys.executable).parent


def of_python(file: Path) -> None:
    """What requirements/run.txt installs, with the hashes that it is checked by."""
    command = [str(PROGRAMS / "cyclonedx-py"), "requirements", str(ROOT / "requirements" / "run.txt")]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--validate", "-o", str(file)]
    # The tool regrets that a list of pinned packages does not say which of them needs which.
    subprocess.run(command, check=True, env=dict(os.environ, PYTHONWARNINGS="ignore"))


def of_browser(file: Path) -> None:
    """What the pages bring to the browser. npm wants a version, which only pyproject.toml has."""
    with (ROOT / "pyproject.toml").open("rb") as text:
        version = tomllib.load(text)["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / ".npmrc", folder)
        for name in ("package.json", "package-lock.json"):
            content = json.loads((ROOT / name).read_text()) | {"version": version}
            (Path(folder) / name).write_text(json.dumps(content))
        command = [str(PROGRAMS / "npm"), "sbom", "--package-lock-only", "--omit", "dev", "--loglevel", "error"]
        command += ["--sbom-format", "cyclonedx", "--sbom-type", "application"]
        done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
    file.write_bytes(done.stdout)


def main(folder: Path = ROOT / "var" / "sbom") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    of_python(folder / "python.json")
    of_browser(folder / "browser.json")


if __name__ == "__main__":
    main()
