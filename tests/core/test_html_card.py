"""Small cards of HTML for notebooks."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.html_card import bars, dots, html_card

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


@given(TEXT, TEXT, TEXT)
@settings(max_examples=40, deadline=None)
def test_texts_stay_texts(title: str, name: str, text: str) -> None:
    card = read(html_card(title, {name: text}, hint=text, picture=bars([(name, 1.0)], title)))
    assert card.findtext("div/b") == title
    cells = ["".join(one.itertext()) for one in card.iter("td")]
    assert cells == ([text] if text else [])


def test_a_card_asks_nobody_for_anything_and_runs_nothing() -> None:
    card = html_card("a", {"b": "c"}, picture=dots([([(0.0, 0.0)], True)], "d"), hint="e")
    assert not any(word in card for word in ("http", "src=", "url(", "<script", "<link", "@import"))


def test_empty_facts_and_pictures_are_left_out() -> None:
    card = html_card("a", {"b": "", "c": "d"}, picture=dots([([], True)], "nothing"))
    assert card.count("<tr") == 1
    assert "<svg" not in card


def test_dots_keep_their_proportions_with_north_up() -> None:
    drawing = read(dots([([(0.0, 0.0), (200.0, 100.0)], False)], "two"))
    (path,) = drawing.iter("path")
    assert path.get("d") == "M0 75h0M150 0h0"


def test_the_longest_bar_is_as_wide_as_the_drawing_unless_told_otherwise() -> None:
    def widths(text: str) -> list[float]:
        return [float(str(one.get("width"))) for one in read(text).iter("rect")]

    half, whole = widths(bars([("a", 0.25), ("b", 0.5)], "x"))
    assert whole == 2 * half == 82.0
    assert widths(bars([("a", 0.25)], "x", most=1.0)) == [20.5]
