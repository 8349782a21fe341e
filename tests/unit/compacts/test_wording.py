"""The comparison word by word."""

import pytest

from compacts.wording import differences


def said(before, after):
    return [(piece.kind, piece.text) for piece in differences(before, after)]


def read(pieces):
    return "".join(f"{' ' if piece.space else ''}{piece.text}" for piece in pieces).strip()


def test_same_words_are_kept_whatever_their_spaces():
    assert said("ask  before it\ninstructs", "ask before it instructs") == [("kept", "ask before it instructs")]


def test_what_went_out_stands_before_what_came_in():
    assert said("say early what it hears", "say within a day what it hears") == [
        ("kept", "say"),
        ("out", "early"),
        ("in", "within a day"),
        ("kept", "what it hears"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [("", "listen first", [("in", "listen first")]), ("listen first", "", [("out", "listen first")]), ("", "", [])],
)
def test_one_side_may_be_empty(before, after, pieces):
    assert said(before, after) == pieces


def test_comma_that_comes_in_leaves_its_word_alone():
    assert said("what it is for", "what it’s for, early") == [
        ("kept", "what"),
        ("out", "it is"),
        ("in", "it’s"),
        ("kept", "for"),
        ("in", ", early"),
    ]


def test_words_added_at_either_end():
    assert said("listen", "always listen first") == [("in", "always"), ("kept", "listen"), ("in", "first")]


@pytest.mark.parametrize(
    ("before", "after"),
    [("a b c d e", "x a c y e z"), ("one", "two"), ("a a a", "a b a a"), ("for it.", "for it, first.")],
)
def test_both_wordings_can_be_read_out_of_it(before, after):
    pieces = differences(before, after)
    assert read(piece for piece in pieces if piece.kind != "in") == before
    assert read(piece for piece in pieces if piece.kind != "out") == after
