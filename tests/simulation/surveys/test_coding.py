"""Coding of open answers: equal answers are asked about once, failures have no category."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.base import Request
from mesa_llm_city.simulation.surveys import code_answers

SAID = pd.DataFrame({"answer": ["More trees.", "Buses and trees", None, "More trees.", "Peace"]})


def _sorts(request: Request) -> str:
    asked = request.messages[-1].content
    found = [
        name for name, word in {"green": "trees", "transport": "Buses"}.items() if word in asked
    ]
    return json.dumps({"reason": "its words", "categories": found})


def _llm(script: object = _sorts, **more: int) -> LLM:
    return LLM(ClientSpec(backend="scripted", model="tiny", script=script), **more)  # type: ignore[arg-type]


def test_each_answer_has_a_category_and_equal_ones_are_asked_about_once() -> None:
    llm = _llm()
    coded = code_answers(SAID, "answer", {"green": "parks", "transport": ""}, llm, most=2)
    assert coded["answer_green"].tolist()[:2] == [1.0, 1.0]
    assert coded["answer_transport"].tolist()[:2] == [0.0, 1.0]
    assert coded["answer_green"].isna().tolist() == [False, False, True, False, False]
    assert llm.totals().calls == 3


def test_one_category_is_a_column_that_is_empty_where_none_fits() -> None:
    said = SAID.drop(index=1)
    coded = code_answers(said, "answer", ["green", "transport"], _llm())
    assert coded["answer_category"].fillna("-").tolist() == ["green", "-", "green", ""]


def test_a_failure_has_no_category_but_a_reason() -> None:
    def script(_: Request) -> str:
        return json.dumps({"reason": "-", "categories": ["blue"]})

    coded = code_answers(SAID, "answer", ["green", "transport"], _llm(script, tries=1))
    assert coded["answer_category"].isna().all()
    assert "blue" in coded["answer_category_reason"][0]
    assert coded["answer_category_reason"][2] == "no answer"


@pytest.mark.parametrize(
    ("column", "categories", "most", "match"),
    [
        ("said", ["a", "b"], 1, "no column 'said'"),
        ("answer", ["a"], 1, "from 2 to 40 names"),
        ("answer", "ab", 1, "from 2 to 40 names"),
        ("answer", ["a", "b"], 3, "most must be from 1 to 2"),
    ],
)
def test_what_cannot_be_coded_is_an_error(
    column: str, categories: list[str], most: int, match: str
) -> None:
    with pytest.raises(ConfigError, match=match):
        code_answers(SAID, column, categories, _llm(), most=most)
