"""Thoughts are told from the answer, in whatever marks they come."""

from __future__ import annotations

import pytest

from mesa_llm_city.llm.thoughts import after_thoughts

FINAL = "<|start|>assistant<|channel|>final <|constrain|>json<|message|>"
DRAFT, ANSWER = '{"choice": 1}', '{"choice": 2}'


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{DRAFT}</think>{ANSWER}",
        f"<THINK>{DRAFT}</Think>{ANSWER}",
        f"<thinking>{DRAFT}</thinking>{ANSWER}",
        f'<reasoning effort="low">{DRAFT}</reasoning>{ANSWER}',
        f"<seed:think>{DRAFT}</seed:think>{ANSWER}",
        f"{DRAFT} Hm.\n</think>{ANSWER}",
        f"<think>{DRAFT} I must not write <think> again {DRAFT}</think>{ANSWER}",
        f"<think>a</think><think>{DRAFT}</think>{ANSWER}",
        f"{ANSWER}<think>Or {DRAFT}?",
        f"<|begin_of_thought|>{DRAFT}<|end_of_thought|>{ANSWER}",
        f"<|START_THINKING|>{DRAFT}<|END_THINKING|>{ANSWER}",
        f"[THINK]{DRAFT}[/THINK]{ANSWER}",
        f"◁think▷{DRAFT}◁/think▷{ANSWER}",
        f"<|channel>thought\n{DRAFT}<channel|>{ANSWER}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|>{FINAL}{ANSWER}<|return|>",
        f"analysisWe need {DRAFT} maybe.assistantfinal{ANSWER}",
    ],
)
def test_a_draft_within_thoughts_is_left_out(text: str) -> None:
    assert after_thoughts(text) == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        f"<think>{DRAFT}",
        f"<think>{DRAFT}</think>",
        f"<|channel|>analysis<|message|>{DRAFT}",
        f"analysisPerhaps {DRAFT}",
    ],
)
def test_thoughts_alone_are_no_answer(text: str) -> None:
    assert after_thoughts(text) == ""


@pytest.mark.parametrize("text", [ANSWER, "I think so.", "analysis of costs", "a < b > c"])
def test_a_text_without_thoughts_stays_as_it_is(text: str) -> None:
    assert after_thoughts(text) == text
