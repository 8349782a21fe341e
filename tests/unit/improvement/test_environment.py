"""Secrets from files, and what the container's health check asks."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from improvement.services import probe
from improvement.settings.environment import take_secrets_from_files


def test_secret_is_read_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of a file\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("EMAIL_HOST_PASSWORD", "of the environment")
    monkeypatch.setenv("EMAIL_HOST_PASSWORD_FILE", str(tmp_path / "key"))
    with monkeypatch.context() as patch:
        patch.setattr("os.environ", environment := dict(os.environ))
        take_secrets_from_files()
    assert environment["SECRET_KEY"] == "of a file"
    assert environment["EMAIL_HOST_PASSWORD"] == "of the environment"


def test_secret_file_that_is_missing_stops_the_start_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/key")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE names /nowhere/key: No such file"):
        take_secrets_from_files()


def test_health_check_asks_by_the_installations_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", ".improvement.example, other.example")
    monkeypatch.setenv("GRANIAN_PORT", "8123")
    asked = probe.question()
    assert asked.full_url == "http://127.0.0.1:8123/health/"
    assert asked.get_header("Host") == "improvement.example"
    assert asked.get_header("X-forwarded-proto") == "https"


def test_health_check_fails_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANIAN_PORT", "1")
    assert probe.main() == 1
