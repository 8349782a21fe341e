"""A line says when, how grave, who speaks, what and for which request; never whose data it was about."""

import json
import logging

import pytest
from django.db import IntegrityError
from django_guid import clear_guid, set_guid

from improvement.logs import JsonLines, person

ROW = "DETAIL: Failing row contains (7, Jane Canary, jane@ward.example, 41 min)."


@pytest.fixture
def numbered():
    set_guid("5d1f0c3ab2e94477")
    token = person.set(17)
    yield
    person.reset(token)
    clear_guid()


def line(message, *args, level=logging.WARNING, thrown=None, **extra):
    record = logging.LogRecord("some.library", level, __file__, 1, message, args, thrown)
    vars(record).update(extra)
    return json.loads(JsonLines().format(record))


def thrown_by(act):
    try:
        act()
    except Exception as error:
        return (type(error), error, error.__traceback__)
    raise AssertionError("it threw nothing")


def breaks_a_constraint():
    try:
        raise ValueError(ROW)
    except ValueError as error:
        raise IntegrityError(ROW) from error


def test_line_says_what_it_must(numbered):
    said = line("All is well with %s", "trust 4", level=logging.INFO)
    assert said.pop("time").endswith("Z")
    assert said == {
        "level": "info",
        "logger": "some.library",
        "message": "All is well with trust 4",
        "request_id": "5d1f0c3ab2e94477",
        "person": 17,
    }


def test_line_outside_a_request_belongs_to_none():
    assert line("x").keys() == {"time", "level", "logger", "message"}


def test_only_named_fields_are_written():
    said = line("x", data={"args": [ROW]}, email="jane@ward.example", status=404, route="home")
    assert said.keys() == {"time", "level", "logger", "message", "status", "route"}


def test_error_is_told_by_its_type_and_place_alone():
    thrown = thrown_by(breaks_a_constraint)
    said = line("Could not store: %s", thrown[1], thrown=thrown)
    assert said["message"] == "Could not store: IntegrityError"
    assert said["trace"].startswith("IntegrityError\n")
    assert "ValueError\n" in said["trace"]
    assert "breaks_a_constraint" in said["trace"]
    assert "Canary" not in json.dumps(said)


@pytest.mark.parametrize("text", [str, repr])
def test_error_that_was_put_into_the_text_is_taken_out(text):
    thrown = thrown_by(breaks_a_constraint)
    assert line(f"Failed: {text(thrown[1])}", thrown=thrown)["message"] == "Failed: IntegrityError"


def test_error_as_the_message_itself_is_told_by_its_type():
    assert line(ValueError(ROW))["message"] == "ValueError"


def test_celery_says_neither_what_a_task_was_given_nor_what_it_threw():
    template = "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    said = line(template, {"name": "recompute", "id": "a1", "description": "raised", "exc": ROW, "args": [ROW]})
    assert said["message"] == "Task recompute[a1] raised: (not said)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("New login failure by jane.canary+x@ward.example.", "New login failure by [e-mail]."),
        ("Client 192.0.2.17 asked", "Client [address] asked"),
        ("Client 2001:db8::8a2e:370:7334 asked", "Client [address] asked"),
        ("Client ::1 asked", "Client [address] asked"),
        (
            "Referer https://a.example/people/?q=Canary&x=1 does not match",
            "Referer https://a.example/people/?[query] does not match",
        ),
        ("Patient 943 476 5919 and 9434765919", "Patient [number] and [number]"),
        ("at 10:20:30 version 1.2.3 took 12345 ms: ok?", "at 10:20:30 version 1.2.3 took 12345 ms: ok?"),
    ],
)
def test_what_looks_like_somebodys_is_struck_out(text, said):
    assert line(text)["message"] == said
    assert line("%s", text)["message"] == said
