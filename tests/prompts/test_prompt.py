"""The file of a prompt: what is read from it, and that every defect is listed."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.prompts import SECTIONS, Prompt, parse_prompt

GOOD = """---
name: vote
version: 3
inputs:
  heard: [0, 1]
  name: "Anna"
reply: reason, choice
temperature: 0.5
max_tokens: 100
max_prompt_tokens: 900
---
# rules
You vote.

## Remember
Think first.
# persona
You are {{ name }}.
# now
They vote {{ heard }}.
"""


def parse(text: str) -> Prompt:
    return parse_prompt(text, source="vote.md")


def defects(text: str) -> tuple[str, ...]:
    with pytest.raises(DataError) as caught:
        parse(text)
    assert str(caught.value).startswith("vote.md has ")
    return caught.value.defects


class TestGood:
    def test_header_and_sections_are_read(self) -> None:
        prompt = parse(GOOD)
        assert (prompt.name, prompt.version, prompt.label) == ("vote", 3, "vote@3")
        assert prompt.inputs == {"heard": [0, 1], "name": "Anna"}
        assert prompt.reply == ("reason", "choice")
        assert (prompt.temperature, prompt.max_tokens) == (0.5, 100)
        assert list(prompt.sections) == ["rules", "persona", "now"]
        assert prompt.sections["rules"].endswith("## Remember\nThink first.")

    def test_windows_line_ends_make_no_difference(self) -> None:
        assert parse(GOOD.replace("\n", "\r\n")).digest == parse(GOOD).digest

    def test_any_reply_is_no_field(self) -> None:
        assert parse(GOOD.replace("reason, choice", "any")).reply == ()

    @pytest.mark.parametrize(
        ("old", "new"),
        [("You vote.", "You may vote."), ("temperature: 0.5", "temperature: 0.6")],
    )
    def test_the_digest_follows_wording_and_sampling(self, old: str, new: str) -> None:
        assert parse(GOOD.replace(old, new)).digest != parse(GOOD).digest

    def test_the_digest_does_not_follow_examples(self) -> None:
        assert parse(GOOD.replace('"Anna"', '"Ben"')).digest == parse(GOOD).digest


class TestBad:
    def test_a_file_without_header(self) -> None:
        assert defects("# rules\nVote.") == ("no header between two lines ---",)

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("version: 3", "version: new", "version must be a whole number of at least 1"),
            ("version: 3", "version: 0", "got '0'"),
            ("temperature: 0.5", "temperature: 3", "temperature must be a number from 0 to 2"),
            ("name: vote", "name: Vote", "name must be a name in small letters, got 'Vote'"),
            ("reason, choice", "reason; choice", "reply must be names of fields"),
            ('"Anna"', "Anna", "name must be an example in JSON, got 'Anna'"),
            ("max_tokens: 100\n", "", "header: no max_tokens"),
            ("max_tokens: 100", "max_tokens: 100\ntop_k: 3", "header: unknown line 'top_k: 3'"),
            ("# persona", "# personality", "unknown section 'personality'; known are rules, city"),
            ("# persona", "# now", "sections out of order"),
            ("# now\nThey", "They", "no section 'now'"),
            ("You vote.", "{{ name }} votes.", "rules hold a placeholder"),
        ],
    )
    def test_a_defect_is_told(self, old: str, new: str, told: str) -> None:
        assert any(told in defect for defect in defects(GOOD.replace(old, new)))

    def test_all_defects_are_listed_together(self) -> None:
        text = GOOD.replace("version: 3", "version: x").replace("# persona", "# person")
        assert len(defects(text)) == 2

    def test_the_order_of_sections_goes_from_shared_to_own(self) -> None:
        assert SECTIONS == ("rules", "city", "place", "persona", "memories", "now")
