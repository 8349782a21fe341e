"""The Jinja2 environment of every page: NHS.UK's macros, our words, icons and forms."""

from typing import Any
from urllib.parse import urlencode

import jinja2
from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django_guid import get_guid

from ui import forms, icons, navigation, sparkline, timeline, words


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs or None) if args or kwargs else reverse(name)


@jinja2.pass_context
def csp_nonce(context: jinja2.runtime.Context) -> str:
    request = context.get("request")
    return str(getattr(request, "csp_nonce", "")) if request is not None else ""


@jinja2.pass_context
def query(context: jinja2.runtime.Context, **changes: Any) -> str:
    """The page's query string with some values changed; None takes a value away."""
    request = context.get("request")
    values: dict[str, Any] = {k: request.GET.getlist(k) for k in request.GET} if request is not None else {}
    values.update(changes)
    return "?" + urlencode({k: v for k, v in values.items() if v is not None}, doseq=True)


def messages_of(request: Any) -> list[Any]:
    return list(get_messages(request)) if request is not None else []


def environment(**options: Any) -> jinja2.Environment:
    options["loader"] = jinja2.ChoiceLoader([options["loader"], jinja2.PackageLoader("nhsuk_frontend_jinja")])
    options.update(
        autoescape=True,
        # NHS.UK's macros read parameters of parameters that were not given.
        undefined=jinja2.ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    env = jinja2.Environment(**options)  # noqa: S701 - autoescape is on
    env.globals.update(
        static=static,
        url=url,
        query=query,
        csp_nonce=csp_nonce,
        get_messages=messages_of,
        now=timezone.localtime,
        request_number=get_guid,
        icon=icons.icon,
        variation=icons.variation,
        assurance=icons.assurance,
        mini=icons.mini,
        VARIATION=icons.VARIATION,
        ASSURANCE=icons.ASSURANCE,
        sparkline=sparkline.sparkline,
        draw_timeline=timeline.draw,
        menu=navigation.menu,
        said=navigation.words,
        product_name=settings.PRODUCT_NAME,
        product_tagline=settings.PRODUCT_TAGLINE,
        crispy=forms.crispy,
        error_list=forms.error_list,
        errors_once=forms.errors_once,
        nhsuk_field=forms.nhsuk_field,
        **words.GLOBALS,
    )
    env.filters.update(words.FILTERS)
    return env
