"""Tasks of the preparation checklist."""

from ui.bounds import PLANNED
from ui.fields import DateField
from ui.plain_form import PlainForm, VersionedForm, line


class TaskForm(PlainForm):
    button = "Add the task"
    name = line("Task", length=160, missing="Write what is to be done")
    due = DateField(label="Due", within=PLANNED)
    who = line("Who does it", length=120, required=False, help_text="Their post, like Process owner.")
    note = line("Note", length=240, required=False)


class EditTaskForm(TaskForm, VersionedForm):
    button = "Save"
