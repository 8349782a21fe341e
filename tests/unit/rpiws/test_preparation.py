"""The usual tasks, counted back from the week."""

from datetime import date

import pytest

from rpiws.actions.preparation import USUAL_TASKS
from rpiws.models import PreparationTask
from rpiws.presenters.page import task_rows
from rpiws.working_days import possible_last_days, preparation_starts, working_days


def test_usual_tasks_fall_between_the_start_of_preparing_and_the_week():
    week = date(2021, 1, 4)

    assert all(preparation_starts(week) <= task.due(week) < week for task in USUAL_TASKS)
    assert [task.due(week) for task in USUAL_TASKS] == sorted(task.due(week) for task in USUAL_TASKS)


def test_usual_task_is_due_so_many_days_before_the_week():
    assert USUAL_TASKS[0].due(date(2021, 1, 4)) == date(2020, 11, 9)


@pytest.mark.parametrize(
    ("task", "status"),
    [
        ({"due": date(2021, 3, 10)}, ("late", "Late")),
        ({"due": date(2021, 3, 11)}, ("due", "Due Thu 11 Mar")),
        ({"due": date(2021, 3, 25)}, ("due", "Due Thu 25 Mar")),
        ({"due": date(2021, 3, 26)}, ("plain", "To do")),
        ({"due": date(2021, 3, 1), "done": date(2021, 3, 2)}, ("done", "Done")),
    ],
)
def test_task_says_whether_it_is_late_due_or_done(task, status):
    (row,) = task_rows([PreparationTask(name="Book the room", **task)], today=date(2021, 3, 11))

    assert row["status"] == status


def test_working_days_leave_weekends_and_bank_holidays_out():
    days = working_days(date(2021, 4, 1), date(2021, 4, 7))

    assert days == [date(2021, 4, 1), date(2021, 4, 6), date(2021, 4, 7)]  # Good Friday to Easter Monday are none


def test_possible_last_days_are_the_third_to_fifth_working_day():
    # Good Friday to Easter Monday are none.
    assert possible_last_days(date(2021, 4, 1)) == [date(2021, 4, 7), date(2021, 4, 8), date(2021, 4, 9)]
