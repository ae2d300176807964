"""JSON with the faults of language models."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.llm.loose_json import values_in

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Sm", "Zs"]), max_size=9)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, "b": [2, 3,],}', {"a": 1, "b": [2, 3]}),
        ('{ // mine\n"a": /* one */ 1 # end\n}', {"a": 1}),
        ("{'a': 'it\\'s', 'b': True, 'c': None}", {"a": "it's", "b": True, "c": None}),
        ("{a: .5, b: +2, c: 1e3}", {"a": 0.5, "b": 2, "c": 1000.0}),
        ("{\u201ca\u201d: \u201cb\u201d}", {"a": "b"}),
        ('{"a": "two\nlines"}', {"a": "two\nlines"}),
        ('{"a": NaN, "b": -Infinity, "c": 1e999}', {"a": None, "b": None, "c": None}),
        ('{"a": "\\ud83c\\udf5c \\ud83c \\u0000"}', {"a": "🍜 \ufffd "}),
        ("{'a': '\\ud83c\\udf5c \\ud83c'}", {"a": "🍜 \ufffd"}),
    ],
)
def test_what_is_meant_is_read(text: str, value: object) -> None:
    assert [found.value for found in values_in(f"So: {text}.")] == [value]


@pytest.mark.parametrize(
    "text",
    ["", "no braces", "{x}", "{1: 2}", '{"a" 1}', '{"a": b}', '{"a": "b" "c"}', "{'it's': 1}"],
)
def test_what_has_no_meaning_is_no_value(text: str) -> None:
    assert [*values_in(text)] == []


@pytest.mark.parametrize("text", ['{"a": 1', '{"a": "b', "[{'a': 1}, ", "{'a': 1, "])
def test_a_value_without_an_end_is_not_completed(text: str) -> None:
    (found,) = values_in(text)
    assert (found.value, found.start) == (None, 0)


def test_deep_nesting_and_long_numbers_take_no_time() -> None:
    for text in ("[" * 50_000, '{"a":' * 10_000, f"{{'a': {'9' * 10_000},}}", "{" * 5_000):
        assert all(found.value in (None, {"a": None}) for found in values_in(text))


@given(VALUES.filter(lambda value: isinstance(value, dict)))
@settings(max_examples=30)
def test_proper_json_and_python_are_read_as_they_are(value: dict[str, Any]) -> None:
    spare = {str(name): one for name, one in value.items()}
    (found,) = values_in(json.dumps(spare))
    (other,) = values_in(repr(spare)) if spare else (found,)
    assert found.value == other.value
