"""Facts enter as data: quoted, cleaned, bounded; and a template can do no harm."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.prompts import estimated_tokens, quote
from mesa_llm_city.prompts.rendering import PromptTemplate


class TestQuote:
    @given(st.text())
    def test_a_text_becomes_one_line_between_quotation_marks(self, text: str) -> None:
        told = quote(text)
        assert told[0] == told[-1] == '"'
        assert told.isprintable()
        assert len(json.loads(told)) <= 500

    def test_line_breaks_become_spaces_and_invisible_marks_vanish(self) -> None:
        assert quote("a\n\n b\u202ec\u200bd\x00e\u2028f") == '"a bcd e f"'

    def test_scripts_of_all_kinds_stay_as_they_are(self) -> None:
        assert quote("王小明 Zoë محمد") == '"王小明 Zoë محمد"'

    def test_a_long_text_ends_in_an_ellipsis(self) -> None:
        assert quote(501 * "x") == f'"{499 * "x"}…"'
        assert quote(500 * "x") == f'"{500 * "x"}"'

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            (None, "null"),
            (True, "true"),
            (3, "3"),
            (np.int64(3), "3"),
            (np.float64(0.1) + 0.2, "0.3"),
            (Purpose.MEAL, '"meal"'),
            ((1, "a"), '[1, "a"]'),
            ({"a\n": {"b": [0.5]}}, '{"a": {"b": [0.5]}}'),
        ],
    )
    def test_values_are_written_as_json(self, value: object, told: str) -> None:
        assert quote(value) == told

    def test_a_long_list_says_how_much_is_left_out(self) -> None:
        told = json.loads(quote(list(range(45))))
        assert told[39:] == [39, "and 5 more"]

    @pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", np.zeros(3)])
    def test_other_things_cannot_be_told(self, value: object) -> None:
        with pytest.raises(ConfigError, match=r"a prompt can tell text, numbers, and lists"):
            quote(value)

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_a_number_that_is_not_finite_is_refused(self, value: float) -> None:
        with pytest.raises(ConfigError, match="only finite ones can be written"):
            quote([value])


class TestWording:
    def fill(self, text: str, **facts: object) -> str:
        return PromptTemplate(text, "test.md").fill(facts)

    def test_whatever_a_template_puts_out_is_quoted(self) -> None:
        told = self.fill('{{ name | upper }} {{ [1, "b"] | join("-") }} {{ n + 1 }}', name="x", n=2)
        assert told == '"X" "1-b" 3'

    def test_a_fact_that_looks_like_a_template_stays_text(self) -> None:
        assert self.fill("{{ name }}", name="{{ 7 * 7 }}") == '"{{ 7 * 7 }}"'

    def test_gaps_left_by_empty_parts_are_closed(self) -> None:
        assert self.fill("a\n\n{% if no %}\nb\n{% endif %}\n\nc\n", no=False) == "a\n\nc"

    @pytest.mark.parametrize(
        "text",
        [
            "{{ nobody }}",
            "{{ one.nothing }}",
            "{{ one.__class__.__mro__ }}",
            "{% for i in range(10**9) %}{% endfor %}",
            "{{ many.append(3) }}",
            "{{ one + 'text' }}",
            "{{ 1 // zero }}",
            "{% include 'secrets' %}",
            "{{ odd }}",
        ],
    )
    def test_what_a_template_may_not_do_is_an_error_that_names_the_file(self, text: str) -> None:
        with pytest.raises(ConfigError, match=r"^test\.md: .*; mend the prompt"):
            self.fill(text, one=1, zero=0, many=[1], odd=object())

    def test_a_broken_template_is_refused_at_once(self) -> None:
        with pytest.raises(ConfigError, match=r"test\.md: .*"):
            PromptTemplate("{% if %}", "test.md")


def test_tokens_are_a_quarter_of_the_characters_rounded_up() -> None:
    assert [estimated_tokens(length * "x") for length in (0, 1, 4, 5)] == [0, 1, 1, 2]
