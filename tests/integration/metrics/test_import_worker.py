"""The worker imports; whatever happens to it in between, nothing is written twice and nothing by halves."""

import pytest

from accounts.permissions import Role
from metrics.actions import imports as actions
from metrics.files import reading
from metrics.imports import running
from metrics.imports.matching import plan_columns, suggested
from metrics.models import FileImport, Measurement
from metrics.tasks import resume_imports
from tests.factories.metrics import MetricFactory, MetricVersionFactory
from tests.factories.trusts import TrustFactory, ValueStreamFactory, member
from tests.processes import WorkerProcess, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stream():
    stream = ValueStreamFactory(trust=TrustFactory(ods_code="RR8"))
    MetricVersionFactory(metric=MetricFactory(value_stream=stream, name="Late starts"))
    return stream


@pytest.fixture
def facilitator(stream):
    return member(Role.FACILITATOR, stream.trust)


def matched(stream, by, content):
    """Uploaded and matched: it waits for the worker."""
    looked = reading.look(content)
    file_import = actions.upload(value_stream=stream, name="rows.csv", content=content, looked=looked, by=by)
    chosen = suggested(looked["headings"], stream)
    columns = {"matched": chosen, **plan_columns(chosen), "day_first": True, "fractions": False}
    return actions.match(file_import=file_import, columns=columns, by=by)


def content_of(wards, months=24):
    rows = [f"{2020 + n // 12}-{n % 12 + 1:02},ward {ward},{ward % 90}" for ward in range(wards) for n in range(months)]
    return ("Period,Ward,Late starts\n" + "\n".join(rows)).encode()


def state(file_import):
    return FileImport.objects.values_list("state", flat=True).get(pk=file_import.pk)


def test_worker_reads_and_imports(stream, facilitator, celery_worker_process):
    file_import = matched(stream, facilitator, content_of(3))
    wait_until(lambda: state(file_import) == "checked", seconds=30, why=celery_worker_process.log)
    actions.begin(file_import=file_import, replaces=False, reason="", by=facilitator)
    wait_until(lambda: state(file_import) == "done", seconds=30, why=celery_worker_process.log)
    assert Measurement.objects.filter(from_file=file_import).count() == 72


@pytest.mark.soak
def test_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_does_it_once(stream, facilitator, broker):
    file_import = matched(stream, facilitator, content_of(2500))
    running.run(file_import.pk)
    actions.begin(file_import=file_import, replaces=False, reason="", by=facilitator)
    first = WorkerProcess(queues="imports")
    first.start()

    def begun():
        return FileImport.objects.values_list("rows_done", flat=True).get(pk=file_import.pk) > 0

    wait_until(begun, seconds=30, why=first.log)
    first.kill()
    first.output.close()
    assert state(file_import) == "importing"
    wait_until(lambda: not Measurement.objects.exists(), seconds=5)
    second = WorkerProcess(queues="imports")
    second.start()
    try:
        # Beat asks so every minute; the broker hands the first message out again after five.
        resume_imports()
        wait_until(lambda: state(file_import) == "done", seconds=90, why=second.log)
    finally:
        second.stop()
    file_import.refresh_from_db()
    assert (file_import.added, file_import.unchanged, Measurement.objects.count()) == (60_000, 0, 60_000)
    running.run(file_import.pk)
    assert Measurement.objects.count() == 60_000


def test_import_that_takes_every_worker_with_it_is_given_up(stream, facilitator):
    file_import = matched(stream, facilitator, content_of(1))
    FileImport.objects.filter(pk=file_import.pk).update(attempts=running.ATTEMPTS)
    running.run(file_import.pk)
    file_import.refresh_from_db()
    assert (file_import.state, file_import.failure) == ("failed", running.BROKEN)


def test_forgotten_files_are_given_up_after_a_week(stream, facilitator, monkeypatch):
    file_import = matched(stream, facilitator, content_of(1))
    running.run(file_import.pk)
    assert running.resume() == []
    monkeypatch.setattr(actions, "DAYS_KEPT", -1)
    running.resume()
    file_import.refresh_from_db()
    assert (file_import.state, file_import.content) == ("failed", None)
