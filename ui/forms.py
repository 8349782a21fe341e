"""How a Django form becomes NHS.UK's fields: each bound field is turned into the parameters of one NHS.UK macro."""

from typing import Any, NamedTuple

import jinja2
from crispy_forms.utils import render_crispy_form
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from markupsafe import Markup

from ui.fields import PARTS, DateField, DateParts

INPUT_TYPES = {"number": "text", "date": "text", "datetime-local": "text"}
# The widget's attributes that NHS.UK's macros have parameters for.
_DASHES = BLANK_CHOICE_DASH[0][1]
_TAKEN = {"id", "class", "autocomplete", "inputmode", "rows", "type", "placeholder", "aria-describedby", "width"}


class Drawn(NamedTuple):
    macro: str
    params: dict[str, Any]


class FieldError(NamedTuple):
    text: str
    href: str


@jinja2.pass_context
def crispy(context: jinja2.runtime.Context, form: Any, helper: Any = None) -> Markup:
    """The whole form with its error summary, tag, token, fields and buttons, as its helper says."""
    given = {key: context[key] for key in ("csrf_token", "request") if key in context}
    return Markup(render_crispy_form(form, helper, context=given))  # noqa: S704 - rendered by autoescaping templates


def error_list(form: Any) -> list[FieldError]:
    """Every error of a form or formset with the address of its box, in the order of the page."""
    if form is None or not getattr(form, "is_bound", False):
        return []
    if isinstance(form, forms.BaseFormSet):
        whole = [FieldError(str(text), f"#{form.prefix}") for text in form.non_form_errors()]
        return whole + [error for one in form.forms for error in error_list(one)]
    found = [FieldError(str(text), "#" + form_anchor(form)) for text in form.non_field_errors()]
    for name in form.fields:
        field = form[name]
        found += [FieldError(text, "#" + error_target(field)) for text in _named(field)]
    return found


def _named(field: BoundField) -> list[str]:
    """The errors of a field for the summary, where one date must be told from another: “Due: the date needs a year”."""
    if not isinstance(field.field, DateField):
        return errors_of(field)
    codes = [error.code for error in field.errors.as_data()]
    label = str(field.label or "").strip()
    return [
        f"{label}: {text[:1].lower()}{text[1:]}" if code and label else text
        for text, code in zip(errors_of(field), codes, strict=True)
    ]


def errors_once(form: Any) -> list[FieldError]:
    """The errors for a summary; empty when this form's summary already stands on the page."""
    if form is None or getattr(form, "summary_stands", False):
        return []
    errors = error_list(form)
    if errors:
        form.summary_stands = True
    return errors


def errors_of(field: BoundField) -> list[str]:
    """The errors of a field; the words that Django has for a missing value name the field instead."""
    asked = "Choose" if isinstance(field.field, forms.ChoiceField | forms.ModelChoiceField) else "Enter"
    name = str(field.label or "").strip()
    # A name that begins with an abbreviation keeps its capitals.
    name = name if name[1:2].isupper() else name[:1].lower() + name[1:]
    own = str(forms.Field.default_error_messages["required"])
    return [f"{asked} {name}" if str(text) == own and name else str(text) for text in field.errors]


def form_anchor(form: Any) -> str:
    """An error of the whole form leads to its first visible box."""
    visible = form.visible_fields()
    return error_target(visible[0]) if visible else "main"


def error_target(field: BoundField) -> str:
    base = field.auto_id or field.html_name
    if isinstance(field.field.widget, DateParts):
        return f"{base}-{_wrong_part(field) or 'day'}"
    return base


def _wrong_part(field: BoundField) -> str:
    if field.form.is_bound:
        for error in field.errors.as_data():
            part = (error.code or "").rsplit("_", 1)[-1]
            if part in PARTS:
                return part
    return ""


def nhsuk_field(field: BoundField) -> Drawn:
    """Which NHS.UK macro draws this field, and with what."""
    widget = field.field.widget
    if isinstance(widget, DateParts):
        return Drawn("date", _date_params(field, widget))
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return Drawn("checkboxes", _choice_params(field))
    if isinstance(widget, forms.RadioSelect):
        return Drawn("radios", _choice_params(field))
    if isinstance(widget, forms.Select):
        return Drawn("select", _common(field) | {"items": _options(field)})
    if isinstance(widget, forms.CheckboxInput):
        return Drawn("checkboxes", _single_checkbox(field))
    if isinstance(widget, forms.Textarea):
        rows = widget.attrs.get("rows", 4)
        return Drawn("textarea", _common(field) | {"value": _value(field), "rows": "4" if rows == "10" else str(rows)})
    if isinstance(widget, forms.FileInput):
        # The browser's own box: NHS.UK's file upload has a button whose name says its words in another order.
        return Drawn("input", _common(field) | {"type": "file"})
    if isinstance(widget, forms.PasswordInput):
        return Drawn("password", _common(field) | {"autocomplete": widget.attrs.get("autocomplete")})
    return Drawn("input", _input_params(field, widget))


def _value(field: BoundField) -> str:
    value = field.field.widget.format_value(field.value())
    return "" if value is None else str(value)


def label_of(field: BoundField) -> str:
    label = str(field.label or "")
    unasked = not field.field.required and not isinstance(field.field, forms.BooleanField)
    unasked = unasked and not getattr(field.field, "plain_label", False)
    return f"{label} (optional)" if unasked and "optional" not in label else label


def _common(field: BoundField) -> dict[str, Any]:
    widget = field.field.widget
    extra = {k: v for k, v in {**field.build_widget_attrs({}), **widget.attrs}.items() if k not in _TAKEN}
    extra.pop("required", None)  # The server says what is missing, in words; browsers say it badly.
    params: dict[str, Any] = {
        "label": {"text": label_of(field), "classes": "nhsuk-label--s"},
        "id": field.auto_id,
        "name": field.html_name,
        "classes": widget.attrs.get("class", ""),
        "attributes": {k: "" if v is True else str(v) for k, v in extra.items() if v not in (False, None)},
    }
    if field.help_text:
        params["hint"] = {"html": Markup.escape(field.help_text)}
    if field.errors:
        params["errorMessage"] = {"text": " ".join(errors_of(field))}
        params["attributes"]["aria-invalid"] = "true"
    return params


def _input_params(field: BoundField, widget: forms.Widget) -> dict[str, Any]:
    kind = getattr(widget, "input_type", "text")
    params = _common(field) | {"value": _value(field), "type": INPUT_TYPES.get(kind, kind)}
    for key in ("autocomplete", "width"):
        if widget.attrs.get(key):
            params[key] = widget.attrs[key]
    whole = isinstance(field.field, forms.IntegerField) and not isinstance(
        field.field, forms.FloatField | forms.DecimalField
    )
    if mode := widget.attrs.get("inputmode") or {"number": "numeric" if whole else "decimal"}.get(kind):
        params["inputmode"] = mode
        params.setdefault("width", "10")
    for key in ("step", "min", "max"):
        params["attributes"].pop(key, None)
    return params


def _options(field: BoundField) -> list[dict[str, Any]]:
    """Options of a select, a named group before its options as a line that cannot be chosen."""
    items: list[dict[str, Any]] = []
    for group, options, _index in field.field.widget.optgroups(field.html_name, _chosen(field)):
        if group:
            items.append({"text": str(group), "value": "", "disabled": True})
        for option in options:
            items.append({"text": str(option["label"]), "value": str(option["value"]), "selected": option["selected"]})
    return items


def _chosen(field: BoundField) -> list[str]:
    value = field.field.widget.format_value(field.value())
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


def _legend(field: BoundField) -> dict[str, Any]:
    return {"legend": {"text": label_of(field), "classes": "nhsuk-fieldset__legend--s"}}


def _choice_params(field: BoundField) -> dict[str, Any]:
    params = _common(field)
    items = []
    hints = getattr(field.field, "choice_hints", {})
    for _group, options, _index in field.field.widget.optgroups(field.html_name, _chosen(field)):
        for option in options:
            if option["value"] == "" and option["label"] == _DASHES:
                continue
            item: dict[str, Any] = {
                "value": str(option["value"]), "text": str(option["label"]), "checked": option["selected"],
            }  # fmt: skip
            if hint := hints.get(option["value"]):
                item["hint"] = {"text": str(hint)}
            items.append(item)
    params.pop("label")
    params.pop("id")  # The first box carries it; twice on a page, a click on that box's label would lead nowhere.
    return params | {"fieldset": _legend(field), "idPrefix": field.auto_id, "items": items}


def _single_checkbox(field: BoundField) -> dict[str, Any]:
    params = _common(field)
    params.pop("id")  # The box carries it; twice on a page, a click on the label would lead nowhere.
    box: dict[str, Any] = {"value": "on", "text": label_of(field), "checked": bool(field.value())}
    if "hint" in params:
        box["hint"] = params.pop("hint")
    params.pop("label")
    return params | {"idPrefix": field.auto_id, "items": [box]}


def _date_params(field: BoundField, widget: DateParts) -> dict[str, Any]:
    params = _common(field)
    values, wrong = widget.decompress(field.value()), _wrong_part(field)
    params.pop("label")
    params["items"] = [
        {
            "name": widget.subname(field.html_name, part),
            "id": f"{field.auto_id}-{part}",
            "label": part.capitalize(),
            "value": values[part],
            "width": 4 if part == "year" else 2,
            "error": bool(field.errors) and wrong in ("", part),
            **({"inputmode": "text", "width": 4} if part == "month" and values[part].isalpha() else {}),
        }
        for part in PARTS
    ]
    return params | {"fieldset": _legend(field) | {"role": "group"}}
