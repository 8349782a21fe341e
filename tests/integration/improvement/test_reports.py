"""What leaves the installation when errors are reported to Sentry: a server on this machine stands in for it."""

import gzip
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django_guid import clear_guid, set_guid

from improvement.services.ports import HOST
from tests.processes import ROOT, SiteProcess, WorkerProcess, wait_until

# A view and a task whose local variables hold a name and a reading.
FAULTY = """
import celery
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from improvement.urls import handler500, urlpatterns as ours

def break_down(name, reading):
    note = f"{name} timed {reading}"
    raise ValueError(f"could not store {note}")

@login_not_required
def faulty(request):
    break_down("Jane Canary", "41.7531")

@celery.shared_task(name="snapshots.tasks.faulty")
def faulty_task(name):
    break_down(name, "41.7531")

urlpatterns = [path("faulty/", faulty, name="faulty"), *ours]
"""
GIVEN = "7e0f4c7f9b1d4d6fa1b25c11f0c3ab2e"


class Envelopes(HTTPServer):
    """Takes what an installation reports."""

    def __init__(self):
        super().__init__((HOST, 0), Taking)
        self.received: list[bytes] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def dsn(self):
        return f"http://key@{HOST}:{self.server_port}/1"

    @property
    def events(self):
        lines = [json.loads(line) for body in self.received for line in body.splitlines() if line.startswith(b"{")]
        return [line for line in lines if "exception" in line]


class Taking(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_said): ...


@pytest.fixture
def envelopes():
    server = Envelopes()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def faulty(tmp_path, envelopes):
    """The environment of a process with the faulty view and task."""
    (tmp_path / "faulty_urls.py").write_text(FAULTY)
    settings = (
        "from improvement.settings.test import *\nROOT_URLCONF = 'faulty_urls'\nCELERY_IMPORTS = ['faulty_urls']\n"
    )
    (tmp_path / "faulty_settings.py").write_text(settings)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    return {"SENTRY_DSN": envelopes.dsn, "DJANGO_SETTINGS_MODULE": "faulty_settings", "PYTHONPATH": path}


def holds_nothing_of_anybody(envelopes):
    everything = b"".join(envelopes.received).decode()
    for secret in ("anary", "41.75", "ward.example", "hunter2", "198.51", "could not store", "sessionid"):
        assert secret not in everything, everything
    (event,) = envelopes.events
    (error,) = event["exception"]["values"]
    assert error["type"] == "ValueError"
    assert "break_down" in {frame["function"] for frame in error["stacktrace"]["frames"]}
    assert event["tags"] == {"request_id": GIVEN}
    assert not {"request", "user", "extra", "breadcrumbs", "contexts", "server_name", "modules"} & event.keys()


def test_error_of_a_request_is_reported_without_what_it_was_about(transactional_db, broker, envelopes, faulty):
    site = SiteProcess(**faulty)
    site.start()
    try:
        headers = {"X-Request-ID": GIVEN, "Cookie": "sessionid=hunter2", "X-Forwarded-For": "198.51.100.7"}
        asked = urllib.request.Request(f"{site.address}/faulty/?email=jane@ward.example", headers=headers)
        with pytest.raises(urllib.error.HTTPError, match="500"):
            urllib.request.urlopen(asked, timeout=10)
        wait_until(lambda: envelopes.events, why=site.log)
    finally:
        site.stop()
    holds_nothing_of_anybody(envelopes)


def test_error_of_a_task_is_reported_without_what_it_was_given(transactional_db, broker, envelopes, faulty):
    from improvement.celery import app

    worker = WorkerProcess(**faulty)
    worker.start()
    try:
        set_guid(GIVEN)
        app.send_task("snapshots.tasks.faulty", ["Jane Canary"], queue="sweep")
        clear_guid()
        wait_until(lambda: envelopes.events, why=worker.log)
    finally:
        worker.stop()
    holds_nothing_of_anybody(envelopes)


def test_nothing_is_reported_and_the_package_not_loaded_without_an_address():
    code = "import django, sys; django.setup(); assert 'sentry_sdk' not in sys.modules"
    environment = dict(os.environ, DJANGO_SETTINGS_MODULE="improvement.settings.test")
    environment.pop("SENTRY_DSN", None)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
