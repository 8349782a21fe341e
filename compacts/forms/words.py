"""What is typed into a draft: its vision, themes, promises, and what is said of them."""

from typing import Any

from compacts.models import Party
from ui.plain_form import PlainForm, VersionedForm, line, paragraph

_COMMENT = "To those who work on this version. It is not part of the compact."


class VisionForm(VersionedForm):
    button = "Save the vision"
    vision = paragraph("Vision", help_text="What the parties want together, in a few sentences.", rows=5)


class ReasonForm(PlainForm):
    button = "Save"
    reason = paragraph(
        "Why there is a new version",
        help_text="Everybody who reads the compact reads this too. Name behaviour and circumstances, never a person.",
        required=True,
        missing="Write why there is a new version",
    )


class BodyForm(PlainForm):
    button = "Save"
    body = line("Which body it is", length=160, required=False, help_text="As it is known, like NHS England.")


class ThemeForm(VersionedForm):
    button = "Save the theme"
    title = line("Theme", length=120, missing="Write what the theme is called")


class NewThemeForm(PlainForm):
    button = "Add the theme"
    title = line("Theme", length=120, missing="Write what the theme is called")


def _promise(party: Party) -> str:
    return f"It goes on after “{party.name} {party.promise} to”. Write what others can see being done."


class NewPromiseForm(PlainForm):
    button = "Add the promise"
    text = paragraph("Promise", required=True, missing="Write the promise", rows=4)

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _promise(party)


class PromiseForm(VersionedForm):
    """The wording, and something said of it, in one save: nothing typed in one box is lost by the other."""

    text = paragraph("Promise", required=True, missing="Write the promise, or take it out below", rows=4)
    comment = paragraph("Comment", help_text=_COMMENT, rows=3)

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _promise(party)


class CommentForm(PlainForm):
    button = "Comment"
    comment = paragraph("Comment", help_text=_COMMENT, required=True, missing="Write your comment", rows=3)
