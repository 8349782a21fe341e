"""Prepare this folder: virtual environment, hash-locked packages, front-end files; then start what was asked for.

Runs before anything is installed, perhaps under an old Python, so it uses the standard library alone and plain syntax.
Usage: bootstrap.py run|test|setup [--dev]
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")
VAR = os.path.join(ROOT, "var")
LOG = os.path.join(VAR, "log", "setup.log")
OLDEST_PYTHON = (3, 11)
ROOM_FOR_INSTALL = 2 * 1024**3

NO_NETWORK = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ENETUNREACH",
    "ETIMEDOUT",
    "ERR_SOCKET_TIMEOUT",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ProxyError",
    "Network is unreachable",
    "Temporary failure in name resolution",
    "No matching distribution found",
)
NO_ROOM = ("No space left on device", "ENOSPC", "Disk quota exceeded", "EDQUOT")


class CannotPrepare(Exception):
    """Why the folder cannot be made ready, as one sentence for the person who asked."""


def fingerprint(*paths):
    """One hash over the content of these files."""
    digest = hashlib.sha256()
    for path in paths:
        with open(os.path.join(ROOT, path), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def read_stamp(path):
    """What a former run noted after it had finished; nothing when it never did."""
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamp(path, content):
    with open(path + ".new", "w") as file:
        json.dump(content, file)
    os.replace(path + ".new", path)


def explain(output, what):
    """Turn an installer's output into one sentence."""
    if any(word in output for word in NO_ROOM):
        return "The disk is full: %s needs about 2 GB free. Make room and run the same command again." % what
    if any(word in output for word in NO_NETWORK):
        return (
            "The network cannot be reached, and %s needs it the first time. Connect this machine and run the same "
            "command again (details: %s)." % (what, os.path.relpath(LOG, ROOT))
        )
    return "%s failed; its output is in %s." % (what[0].upper() + what[1:], os.path.relpath(LOG, ROOT))


def step(command, what):
    """Run one installer with its output in the log."""
    environment = dict(os.environ, PATH=os.path.join(VENV, "bin") + os.pathsep + os.environ.get("PATH", ""))
    environment.pop("PYTHONPATH", None)
    process = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output = process.stdout.decode("utf-8", "replace")
    with open(LOG, "a") as log:
        log.write("$ %s\n%s\n" % (" ".join(command), output))
    if process.returncode:
        raise CannotPrepare(explain(output, what))


def say(sentence):
    print(sentence, flush=True)


def make_environment():
    """Create .venv unless a usable one of a recent enough Python is there; one that was moved is not usable."""
    moved = read_stamp(STAMP).get("place", VENV) != VENV
    if os.path.exists(PYTHON) and not moved:
        probe = [PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            return
    if shutil.disk_usage(ROOT).free < ROOM_FOR_INSTALL:
        raise CannotPrepare(explain("ENOSPC", "the first installation"))
    say("Creating the virtual environment in .venv ...")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise CannotPrepare(
            "This Python comes without its venv module; install it first (on Debian: apt-get install python3-venv)."
        ) from None
    step([sys.executable, "-m", "venv", "--clear", VENV], "creating the virtual environment")


def install_packages(locks):
    """Install the wanted locks; nothing to do when the stamp says they are there."""
    wanted = dict((name, fingerprint("requirements/%s.txt" % name)) for name in locks)
    installed = read_stamp(STAMP)
    if all(installed.get(name) == value for name, value in wanted.items()):
        return
    say("Installing Python packages from requirements/%s.txt (a few minutes the first time) ..." % locks[-1])
    if os.path.exists(STAMP):
        os.remove(STAMP)
    lock = os.path.join("requirements", locks[-1] + ".txt")
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    step([*pip, "--require-hashes", "--no-deps", "-r", lock], "installing Python packages")
    write_stamp(STAMP, dict(wanted, place=VENV))


def install_frontend(dev):
    """Get the npm packages and collect from them what pages use."""
    stamp = os.path.join(ROOT, "node_modules", ".installed.json")
    wanted = {"lock": fingerprint("package.json", "package-lock.json")}
    installed = read_stamp(stamp)
    dev = dev or bool(installed.get("dev"))
    if installed.get("lock") != wanted["lock"] or (dev and not installed.get("dev")):
        say("Getting the front-end packages with npm ...")
        npm = [os.path.join(VENV, "bin", "npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        step(npm if dev else [*npm, "--omit=dev"], "getting the front-end packages")
        write_stamp(stamp, dict(wanted, dev=dev))
    collected = os.path.join(VAR, "frontend", ".collected.json")
    wanted["collector"] = fingerprint("improvement/services/frontend.py")
    if read_stamp(collected) != wanted:
        step([PYTHON, os.path.join("improvement", "services", "frontend.py")], "collecting the front-end files")
        write_stamp(collected, wanted)


def prepare(dev):
    """Everything that has to be there before the product's own code can run; one at a time per folder."""
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    with open(os.path.join(VAR, "setup.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_environment()
        install_packages(["run", "dev"] if dev else ["run"])
        install_frontend(dev)


def main(arguments):
    if sys.version_info < OLDEST_PYTHON:
        say(
            "This needs Python 3.11 or newer, and %s is %d.%d. Name a newer one: make run PYTHON=python3.12"
            % (sys.executable, sys.version_info[0], sys.version_info[1])
        )
        return 1
    command = arguments[0] if arguments else "setup"
    try:
        prepare(dev=command == "test" or "--dev" in arguments)
    except CannotPrepare as reason:
        say(str(reason))
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
            raise
        say("This folder cannot be written to: %s." % error.strerror)
        return 1
    except KeyboardInterrupt:
        say("Stopped before everything was installed; the same command goes on from here.")
        return 130
    if command == "run":
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(PYTHON, [PYTHON, "-m", "improvement.services.run"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
