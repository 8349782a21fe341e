"""Dumbbells: rows keep their order, ends their values and words, and shapes do without colour."""

from dashboards.charts import Dumbbell, dumbbells, height

WIDE = Dumbbell("Bed-state huddle", 52, 24, "52 h", "24 h", "Time to a bed")
CLOSE = Dumbbell("Transfers", 22, 19, "22", "19", "Missing details")
EMPTY = Dumbbell("No such measure here")


def texts(figure):
    return [(trace["x"][0], trace["text"][0].strip()) for trace in figure["data"] if trace["mode"] == "text"]


def markers(figure):
    return [trace for trace in figure["data"] if trace["mode"] == "markers"]


def test_values_stand_at_both_ends():
    assert texts(dumbbells([WIDE])) == [(52.0, "52 h"), (24.0, "24 h")]


def test_values_closer_than_an_eighth_of_the_scale_stand_in_one_text():
    figure = dumbbells([WIDE, CLOSE])
    assert texts(figure)[2:] == [(22.0, "22 → 19")]


def test_values_too_close_on_a_large_scale_stand_apart_on_their_own():
    assert texts(dumbbells([CLOSE])) == [(22.0, "22"), (19.0, "19")]


def test_baseline_is_hollow_and_latest_is_filled():
    latest, baseline = markers(dumbbells([WIDE]))
    assert (latest["x"], baseline["x"]) == ([24.0], [52.0])
    assert baseline["marker"]["color"] == "#ffffff"
    assert latest["marker"]["color"] == latest["marker"]["line"]["color"] != "#ffffff"


def test_rows_keep_their_order_and_a_row_without_a_pair_stays_empty():
    figure = dumbbells([CLOSE, EMPTY, WIDE])
    assert figure["layout"]["yaxis"]["ticktext"][0] == "Transfers"
    assert figure["layout"]["yaxis"]["range"] == [2.5, -0.5]
    assert {trace["y"][0] for trace in figure["data"]} == {0, 2}


def test_worse_value_has_its_words_on_the_outer_side():
    worse = Dumbbell("Worse", 10, 100, "10", "100")
    sides = {t["text"][0].strip(): t["textposition"] for t in dumbbells([worse])["data"] if t["mode"] == "text"}
    assert sides == {"10": "middle left", "100": "middle right"}


def test_only_the_first_chart_is_labelled_but_on_phones_each_is():
    beside = dumbbells([WIDE], labelled=False)
    assert beside["layout"]["yaxis"]["showticklabels"] is False
    assert beside["phone_layout"]["yaxis"]["showticklabels"] is True


def test_long_label_takes_two_lines_at_most():
    label = Dumbbell("Step-down from neurosurgical critical care to the ward of the same speciality", 2, 1, "2", "1")
    text = dumbbells([label])["layout"]["yaxis"]["ticktext"][0]
    assert text.count("<br>") == 1
    assert text.endswith("…")


def test_zero_everywhere_has_a_scale():
    figure = dumbbells([Dumbbell("None", 0, 0, "0", "0")])
    assert figure["layout"]["xaxis"]["range"][1] > 0
    assert height([]) > 0


def test_text_that_looks_like_a_tag_is_shown_as_typed():
    figure = dumbbells([Dumbbell("Beds <b>free</b>", 52, 24, "52 <i>", "24 & more", "A < B")])
    assert figure["layout"]["yaxis"]["ticktext"] == ["Beds &lt;b&gt;free&lt;/b&gt;"]
    assert texts(figure) == [(52.0, "52 &lt;i&gt;"), (24.0, "24 &amp; more")]
    assert markers(figure)[0]["text"] == ["A &lt; B: baseline 52 &lt;i&gt;, latest 24 &amp; more"]
