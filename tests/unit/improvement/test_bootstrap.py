"""Set-up talks to a person: one clear sentence, whatever an installer printed."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PATH = Path(__file__).resolve().parents[3] / "improvement" / "services" / "bootstrap.py"


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", PATH)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("npm error code ENOSPC", "The disk is full"),
        ("npm error code EAI_AGAIN", "The network cannot be reached"),
        ("Failed to establish a new connection: NewConnectionError", "The network cannot be reached"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "Installing Python packages failed; its output is in"),
    ],
)
def test_explain_says_one_sentence(bootstrap: ModuleType, output: str, said: str) -> None:
    sentence = bootstrap.explain(f"Traceback (most recent call last)\n{output}\n", "installing Python packages")
    assert sentence.startswith(said)
    assert "\n" not in sentence


def test_old_python_is_told_what_to_do(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2, "final", 0))
    assert bootstrap.main(["run"]) == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().out


def test_full_disk_is_told(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_room(*, dev: bool) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bootstrap, "prepare", no_room)
    assert bootstrap.main(["setup"]) == 1
    assert capsys.readouterr().out == "This folder cannot be written to: No space left on device.\n"


def test_unfinished_stamp_counts_as_nothing(bootstrap: ModuleType, tmp_path: Path) -> None:
    assert bootstrap.read_stamp(str(tmp_path / "none")) == {}
    (tmp_path / "half").write_text('{"run": ')
    assert bootstrap.read_stamp(str(tmp_path / "half")) == {}
