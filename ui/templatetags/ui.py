"""For the pages that stay Django templates: parts of the Jinja pages inside them."""

from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from ui import forms

register = template.Library()


@register.simple_tag(takes_context=True)
def jinja_partial(context: template.Context, name: str, **extra: Any) -> SafeString:
    """{% jinja_partial "components/header.html" nav="home" %}: a Jinja template with this page's request."""
    request = context.get("request")
    return mark_safe(get_template(name, using="jinja2").render(extra, request))  # noqa: S308 - it autoescapes


@register.simple_tag
def nhsuk_fields(form: Any) -> SafeString:
    """The error summary and the fields of a form, drawn as on every other page."""
    summary = get_template("nhsuk/errors.html", using="jinja2").render({"form": form})
    drawn = [get_template("nhsuk/field.html", using="jinja2").render({"field": field}) for field in form]
    return mark_safe(summary + "".join(drawn))  # noqa: S308 - Jinja autoescapes


@register.filter
def has_errors(form: Any) -> bool:
    return bool(forms.error_list(form))


@register.simple_tag
def product_name() -> str:
    return str(settings.PRODUCT_NAME)


@register.simple_tag
def organisation_sign_in() -> str:
    """What the organisation's own sign-in is called here; nothing when there is none."""
    return str(settings.OIDC_NAME) if settings.OIDC_ISSUER else ""
