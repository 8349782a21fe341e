"""Texts within charts."""

from html import escape


def plain(text: str) -> str:
    """A text that somebody typed, as a figure may hold it: Plotly draws tags in its texts instead of showing them."""
    return escape(text, quote=False)
