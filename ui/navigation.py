"""The menu, and the names in the header. Rooms above register what they show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Text = str | Callable[[Any], str]


def everyone(_user: Any) -> bool:
    return True


@dataclass(frozen=True)
class NavItem:
    """One item of the menu. `label`, `short` (for phones) and `url` are texts or functions of the user."""

    key: str
    label: Text
    url: Text
    order: int = 100
    visible: Callable[[Any], bool] = everyone
    short: Text | None = None


@dataclass(frozen=True)
class Shown:
    key: str
    label: str
    short: str
    url: str
    current: bool


_items: dict[str, NavItem] = {}
_words: dict[str, Callable[[HttpRequest], str]] = {}


def register(*items: NavItem) -> None:
    """Put items on the menu; the same key again replaces the item."""
    for item in items:
        _items[item.key] = item


def unregister(*keys: str) -> None:
    for key in keys:
        _items.pop(key, None)


def register_identity(words: Callable[[HttpRequest], str]) -> None:
    """Who the header says is signed in: "KPO facilitator, Leeds"."""
    _words["identity"] = words


def register_tagline(words: Callable[[HttpRequest], str]) -> None:
    """The small line below the product's name: "Five trusts, one regulator"."""
    _words["tagline"] = words


def _said(text: Text, user: Any) -> str:
    return text(user) if callable(text) else text


def menu(request: HttpRequest | None, current: str = "") -> list[Shown]:
    """The items this user sees. The current one is named by the page, else it is the longest address that fits."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    shown = []
    for item in sorted(_items.values(), key=lambda i: (i.order, i.key)):
        if item.visible(user):
            label = _said(item.label, user)
            short = _said(item.short, user) if item.short else label
            shown.append((item.key, label, short, _said(item.url, user)))
    path = getattr(request, "path", "")
    if not current:
        fits = [s for s in shown if path == s[3] or (s[3] != "/" and path.startswith(s[3]))]
        current = max(fits, key=lambda s: len(s[3]))[0] if fits else ""
    return [Shown(*s, current=s[0] == current) for s in shown]


def words(kind: str, request: HttpRequest | None, default: str = "") -> str:
    """The registered identity or tagline; without a request or a registration the default."""
    say = _words.get(kind)
    if request is None or say is None:
        return default
    if kind == "identity" and not getattr(getattr(request, "user", None), "is_authenticated", False):
        return default
    return say(request) or default
