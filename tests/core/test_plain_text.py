"""Texts that can be stored, printed and encoded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.plain_text import encodable, plain_text, plain_values


@given(st.text(st.characters(codec=None)))
def test_every_text_can_be_encoded_and_holds_no_control_character(text: str) -> None:
    plain = plain_text(text)
    assert plain.encode().decode() == plain == plain_text(plain)
    assert not {*plain} & {*map(chr, range(32))} - {*"\t\n\r"}
    assert encodable(text).encode().decode() == encodable(text)


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("café\t好 🍜\r\n", "שלום", "👩‍👩‍👧"):
        assert plain_text(text) == encodable(text) == text


def test_values_are_cleaned_with_the_names_of_their_fields() -> None:
    assert plain_values({"a\x00": ["b\x1b", 1, None, {"c": "\ud83c"}]}) == {
        "a": ["b", 1, None, {"c": "\ufffd"}]
    }
