"""A grammar allows the replies of a schema, in one way of writing, and nothing else."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm.base import Address, Request
from mesa_llm_city.llm.clients.scripted import fill_schema
from mesa_llm_city.llm.grammar import grammar_of
from mesa_llm_city.llm.reply_schema import schema_of


class Block(BaseModel):
    what: Literal["rest", "sport"]
    start: int = Field(ge=0, le=23)
    note: str = Field(max_length=12)


class Day(BaseModel):
    reason: str = Field(min_length=1, max_length=20)
    blocks: list[Block] = Field(min_length=1, max_length=3)
    pair: tuple[bool, float]
    guest: Block | None
    many: int


def matches(reply: type[BaseModel], text: str) -> bool:
    """Tell whether the grammar of a reply matches a text."""
    return compiled(reply).fullmatch(text) is not None


def compiled(reply: type[BaseModel]) -> re.Pattern[str]:
    """Return the grammar of a reply as a regular expression."""
    root, *rules = grammar_of(schema_of(reply)).splitlines()
    named = dict(line.split(" ::= ", 1) for line in rules)
    return re.compile(_pattern(root.removeprefix("root ::= "), named))


def _pattern(rule: str, named: dict[str, str]) -> str:
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|\{[\d,]+\}|[a-z]+|[()|?]', rule)
    return "".join(_token(one, named) for one in tokens)


def _token(token: str, named: dict[str, str]) -> str:
    if token.startswith('"'):
        return re.escape(re.sub(r"\\(.)", r"\1", token[1:-1])).join(("(?:", ")"))
    if token in named:
        return f"(?:{_pattern(named[token], named)})"
    return "(?:" if token == "(" else token  # noqa: S105 - a bracket


GOOD = (
    '{"reason":"so","blocks":[{"what":"rest","start":9,"note":"a\\"b"}],'
    '"pair":[true,0.5],"guest":null,"many":-7}'
)


def test_a_compact_reply_is_allowed_and_can_be_read() -> None:
    assert matches(Day, GOOD)
    assert Day.model_validate_json(GOOD).blocks[0].note == 'a"b'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"reason"', '{ "reason"'),
        ('"rest"', '"sleep"'),
        (":9,", ":24,"),
        ('"so"', '""'),
        ('"so"', f'"{"o" * 21}"'),
        ("[true", "[1"),
        (',"many":-7', ""),
        ("null", '"nobody"'),
        ("-7", "-07"),
    ],
)
def test_anything_else_is_not(old: str, new: str) -> None:
    assert old in GOOD
    assert not matches(Day, GOOD.replace(old, new, 1))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_fits_the_schema_fits_the_grammar(seed: int) -> None:
    request = Request(
        model="", messages=(), address=Address(str(seed), 0, "any"), schema=schema_of(Day)
    )
    reply = Day.model_validate_json(fill_schema(request))
    compact = reply.model_dump_json()
    assert matches(Day, compact), compact


@given(st.integers(-1500, 1500), st.integers(0, 1500))
def test_a_whole_number_matches_if_and_only_if_it_lies_between_its_limits(
    least: int, width: int
) -> None:
    class Number(BaseModel):
        n: int = Field(ge=least, le=least + width)

    pattern = compiled(Number)
    for number in {*range(least - 12, least + 12), *range(least + width - 12, least + width + 12)}:
        fits = least <= number <= least + width
        assert (pattern.fullmatch(f'{{"n":{number}}}') is not None) == fits, number


def test_without_both_limits_any_whole_number_matches() -> None:
    class Number(BaseModel):
        n: int = Field(ge=5)

    assert compiled(Number).fullmatch('{"n":-3}')


@pytest.mark.parametrize("schema", [{"type": "object"}, {"type": "anything"}])
def test_what_a_grammar_cannot_say_is_an_error(schema: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="no grammar can be made"):
        grammar_of(schema)
