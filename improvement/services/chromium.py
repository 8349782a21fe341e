"""Find the Chromium that browser tests drive; run as a module, install one when there is none."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium: CHROMIUM from the environment, the system's, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:
        return None
    return path if os.path.exists(path) else None


def install() -> bool:
    """With the system's packages when we may, else Playwright's own build."""
    print("Installing Chromium for the browser tests ...", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"env": dict(os.environ, DEBIAN_FRONTEND="noninteractive"), "stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-q"], **quiet)  # type: ignore[call-overload]
        packages = ["chromium", "fonts-liberation"]
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
        if subprocess.run(install, **quiet).returncode == 0:  # type: ignore[call-overload]
            return True
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command).returncode == 0


def main() -> int:
    if find() or (install() and find()):
        return 0
    print("No Chromium was found and none could be installed: install one and name it in CHROMIUM.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
