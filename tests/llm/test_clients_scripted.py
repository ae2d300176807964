"""The function in place of a model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from mesa_llm_city.core.errors import LLMReplyError
from mesa_llm_city.llm.base import Completion, Request
from mesa_llm_city.llm.clients.scripted import fill_schema
from tests.llm.asking import all_of, asked, jobs, running, scripted


class Meal(BaseModel):
    dish: str = Field(min_length=3, max_length=12)
    price: float = Field(ge=1.0, le=50.0)


class Day(BaseModel):
    reason: str = Field(max_length=60)
    stars: int = Field(ge=1, le=5)
    mood: str = Field(json_schema_extra={"enum": ["glad", "sad"]})
    meals: list[Meal] = Field(min_length=1, max_length=3)
    rain: bool
    note: str | None = Field(max_length=9)


class TestFillSchema:
    @given(st.integers(0, 10_000))
    def test_the_reply_fits_the_schema(self, number: int) -> None:
        said = fill_schema(asked(number, schema=Day.model_json_schema()))
        assert 1 <= Day.model_validate_json(said).stars <= 5

    def test_equal_requests_get_equal_replies_and_others_differ(self) -> None:
        schema = Day.model_json_schema()
        said = [fill_schema(asked(number, schema=schema)) for number in range(20)]
        assert said == [fill_schema(asked(number, schema=schema)) for number in range(20)]
        assert len(set(said)) > 15

    def test_nobody_is_made_to_say_what_nobody_wrote(self) -> None:
        said = json.loads(fill_schema(asked(schema=Day.model_json_schema())))
        assert said["reason"] == "scripted"
        assert fill_schema(asked()) == "scripted"

    @pytest.mark.parametrize(
        ("schema", "values"),
        [
            ({"const": 3}, {3}),
            ({"enum": ["a", "b"]}, {"a", "b"}),
            ({"type": "null"}, {None}),
            ({"type": "integer", "minimum": 2, "maximum": 3}, {2, 3}),
            ({"type": "integer", "minimum": 20}, {20}),
        ],
    )
    def test_all_values_that_fit_are_drawn(self, schema: dict[str, Any], values: set[Any]) -> None:
        drawn = {json.loads(fill_schema(asked(number, schema=schema))) for number in range(50)}
        assert drawn == values


class TestScriptedClient:
    def test_a_script_may_tell_more_than_the_text(self) -> None:
        with running(scripted(lambda _: Completion(text="no", finish="refusal"))) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert done.completion == Completion(text="no", finish="refusal")

    def test_a_script_may_fail_like_a_model(self) -> None:
        def overflow(_: Request) -> str:
            message = "the prompt is too long"
            raise LLMReplyError(message)

        with running(scripted(overflow)) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert isinstance(done.error, LLMReplyError)

    def test_without_a_script_every_reply_fits_its_schema(self) -> None:
        with running(scripted()) as engine:
            engine.submit(jobs(1))
            (done,) = all_of(engine)
        assert done.completion == Completion(text="scripted")
