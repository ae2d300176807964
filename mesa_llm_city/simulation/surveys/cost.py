"""What a survey will ask: calls, tokens and money, before any is spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.asking import Thought, run_all
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.asked_tally import AskedTally, Range, cost_of
from mesa_llm_city.simulation.surveys.asking import Wave, answers_in_words
from mesa_llm_city.simulation.surveys.question import SurveyQuestion

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["SurveyCost", "estimate_survey"]

_SAMPLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCost:
    """What is expected of a survey.

    Parameters
    ----------
    calls : int
        Questions to all people in all waves; more only where answers cannot be used.
    prompt_tokens, answer_tokens : Range
        Tokens of prompts and of answers.
    usd : Range or None
        Money, in US dollars; None if a model has no price.
    people, questions, waves : int
        Of the survey.
    """

    calls: int
    prompt_tokens: Range
    answer_tokens: Range
    usd: Range | None
    people: int
    questions: int
    waves: int = 1

    def times(self, waves: int) -> SurveyCost:
        """Return the same for several waves."""
        return replace(
            self,
            calls=waves * self.calls,
            prompt_tokens=self.prompt_tokens.times(waves),
            answer_tokens=self.answer_tokens.times(waves),
            usd=None if self.usd is None else self.usd.times(waves),
            waves=waves * self.waves,
        )

    def __str__(self) -> str:
        """Return the numbers in a sentence."""
        money = "unpriced" if self.usd is None else f"{self.usd} USD"
        waves = "" if self.waves == 1 else f" in {self.waves} waves"
        return (
            f"{self.calls:,} calls, {self.prompt_tokens} prompt tokens, "
            f"{self.answer_tokens} answer tokens, {money} for {self.questions} questions to "
            f"{self.people:,} people{waves}"
        )


def estimate_survey(
    model: CityModel,
    llm: LLM,
    questions: Sequence[SurveyQuestion],
    *,
    agents: Sequence[CityAgent],
    introduction: str = "",
) -> SurveyCost:
    """Estimate what a survey will ask now; nothing is sent, and the model stays as it is.

    The prompts of up to 40 of the people are worded. Their tokens are estimated from their
    characters to a quarter either way; answers are at least as long as made-up ones, and at most
    as long as they may be.

    Parameters
    ----------
    model : CityModel
        The model.
    llm : LLM
        Language model that would answer.
    questions : sequence of SurveyQuestion
        What would be asked.
    agents : sequence of CityAgent
        Who would be asked.
    introduction : str, optional
        What the survey begins with.
    """
    tally = AskedTally()
    rows = np.linspace(0, len(agents) - 1, min(_SAMPLE, len(agents))).round().astype(int)
    wave = Wave("cost", 1, model.minute)
    thoughts = [
        Thought(answers_in_words(model, agents[row], questions, wave, introduction), person=row)
        for row in rows.tolist()
    ]
    run_all(thoughts, backend=llm.pilot(tally))
    times = len(agents) / max(len(rows), 1)
    cost = cost_of(tally.asked, llm.prices, times=times)
    return SurveyCost(
        calls=len(agents) * len(questions),
        prompt_tokens=cost.prompt_tokens,
        answer_tokens=cost.answer_tokens,
        usd=cost.usd,
        people=len(agents),
        questions=len(questions),
    )
