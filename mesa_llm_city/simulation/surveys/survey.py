"""A survey: its questions, when it is held, and what was answered."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.asking import Thought, run_all
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM
from mesa_llm_city.llm.ledger import Totals
from mesa_llm_city.simulation.query import Query, chosen
from mesa_llm_city.simulation.surveys.asking import (
    Rule,
    Wave,
    answers_by_rule,
    answers_in_words,
)
from mesa_llm_city.simulation.surveys.own_llm import survey_llm
from mesa_llm_city.simulation.surveys.question import SurveyQuestion
from mesa_llm_city.simulation.surveys.schedule import Timetable
from mesa_llm_city.simulation.surveys.table import Row, answer_table, wide_table
from mesa_llm_city.simulation.surveys.untouched import numbers_untouched

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Survey"]


class Survey:
    """A survey of a model, held once or several times; made by `CityModel.survey`.

    Parameters
    ----------
    name : str
        Its name.
    questions : sequence of SurveyQuestion
        What is asked.
    clock : Clock
        Calendar of the run.
    times : Timetable
        When it is held.
    introduction : str, optional
        What it begins with.

    Attributes
    ----------
    name, questions, introduction, times
        As given.
    query : Query
        Who is asked, chosen anew in each wave; everybody at first.
    rule : callable or mapping or None
        Gives the answers; without one, `llm` does.
    llm : LLM or None
        Language model of the survey's own; one like the model's from the first wave on.
    limits : tuple
        Greatest number of calls and sum in US dollars, of all waves together; None for none.
    waves : int
        How often it was held.
    """

    def __init__(
        self,
        name: str,
        questions: Sequence[SurveyQuestion],
        *,
        clock: Clock,
        times: Timetable,
        introduction: str = "",
    ) -> None:
        self.name, self.questions = name, tuple(questions)
        self.introduction = introduction
        self.query: Query = None
        self.rule: Rule | None = None
        self.llm: LLM | None = None
        self._own: LLM | None = None
        self.limits: tuple[int | None, float | None] = (None, None)
        self.times = times
        self.waves = 0
        self._planned = 0
        self._clock = clock
        self._rows: list[Row] = []

    @property
    def next_minute(self) -> int | None:
        """Minute of the next wave; None if there is none to come."""
        return self.times.minute_of(self._planned)

    def answering(self, model: CityModel) -> LLM:
        """Return the language model of the survey's own.

        Raises
        ------
        ConfigError
            If there is none.
        """
        if self.llm is None:
            calls, usd = self.limits
            self.llm = self._own = survey_llm(model.llm, max_calls=calls, max_usd=usd)
        return self.llm

    def check(self, model: CityModel) -> None:
        """Check that somebody answers, and that the limit of calls is enough to ask everybody.

        Raises
        ------
        ConfigError
            If there is neither a rule nor a language model, or the limit is too low.
        """
        if self.rule is not None:
            return
        self.answering(model)
        most, questions = self.limits[0], len(self.questions)
        people = 0 if most is None else len(chosen(model, self.query))
        if most is not None and people * questions > most:
            message = (
                f"max_calls is {most}, but {questions} questions to {people:,} people take "
                f"{people * questions:,} calls; raise it, or ask fewer with agents="
            )
            raise ConfigError(message)

    def hold_due(self, model: CityModel) -> None:
        """Hold the waves whose time has come (see `hold`)."""
        while (minute := self.next_minute) is not None and minute <= model.minute:
            self.hold(model)
            self._planned += 1

    def hold(self, model: CityModel) -> list[Row]:
        """Ask everybody now, and return what was answered in this wave; the model stays as it is.

        Raises
        ------
        ConfigError
            If a rule gives what is no answer, or draws random numbers of the model.
        """
        agents = chosen(model, self.query)
        wave = Wave(self.name, self.waves + 1, model.minute)
        by = self._by_llm if self.rule is None else partial(self._by_rule, rule=self.rule)
        rows = by(model, agents, wave)
        # All or none: a wave that failed is held again as a whole.
        self._rows += rows
        self.waves += 1
        _warn_of_missing(self.name, rows)
        return rows

    def _by_rule(
        self, model: CityModel, agents: Sequence[CityAgent], wave: Wave, *, rule: Rule
    ) -> list[Row]:
        with numbers_untouched(model):
            return [
                row
                for agent in agents
                for row in answers_by_rule(agent, self.questions, wave, rule)
            ]

    def _by_llm(self, model: CityModel, agents: Sequence[CityAgent], wave: Wave) -> list[Row]:
        own = self.answering(model)
        thoughts = [
            Thought(
                answers_in_words(model, agent, self.questions, wave, self.introduction),
                person=agent.person,
                minute=wave.minute,
            )
            for agent in agents
        ]
        said: list[list[Row]] = run_all(thoughts, backend=own)
        return list(chain.from_iterable(said))

    def answers(self, *, wide: bool = False) -> pd.DataFrame:
        """Return all answers so far.

        Parameters
        ----------
        wide : bool, default False
            Whether to return a row for each person and wave, as `wide_table` does.

        Returns
        -------
        pandas.DataFrame
            Columns ``wave``, ``person``, ``time``, ``question``, ``item``, ``answer``, ``label``,
            ``reason`` and ``source`` (see `Row`). A missing answer is NaN, and ``reason``
            says why.
        """
        table = answer_table(self._rows, self._clock)
        return wide_table(table) if wide else table

    def calls(self) -> pd.DataFrame:
        """Return what the survey has asked of a language model, a row per call.

        Raises
        ------
        ConfigError
            If its answers are those of a rule.
        """
        if self.llm is None:
            message = f"the survey {self.name!r} is answered by a rule, so there are no calls"
            raise ConfigError(message)
        return self.llm.calls()

    def totals(self) -> Totals:
        """Return calls, tokens and money so far; no calls for a survey by rule."""
        return Totals() if self.llm is None else self.llm.totals()

    def close(self) -> None:
        """Close the file of answers, unless the language model was given by the user."""
        if self._own is not None:
            self._own.close()

    def state(self) -> dict[str, Any]:
        """Return the answers so far, and when it is held, as plain values (see `saved`)."""
        return {
            "questions": [question.name for question in self.questions],
            "times": [list(self.times.minutes), self.times.every_min, self.times.waves],
            "waves": self.waves,
            "planned": self._planned,
            "rows": [list(row) for row in self._rows],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over the answers and times that `state` has returned.

        Raises
        ------
        ConfigError
            If it has other questions.
        """
        if (asked := [question.name for question in self.questions]) != state["questions"]:
            message = (
                f"the survey {self.name!r} asks {', '.join(asked)}, but was saved with "
                f"{', '.join(state['questions'])}; make it with the same questions"
            )
            raise ConfigError(message)
        minutes, every_min, waves = state["times"]
        self.times = Timetable(tuple(minutes), every_min, waves)
        self.waves, self._planned = int(state["waves"]), int(state["planned"])
        self._rows = [Row(*row) for row in state["rows"]]

    def __repr__(self) -> str:
        """Return the name, the number of questions, waves and answers."""
        missing = sum(row.answer is None for row in self._rows)
        return (
            f"<Survey {self.name!r}: {len(self.questions)} questions, {self.waves} waves, "
            f"{len(self._rows):,} answers, {missing:,} missing>"
        )


def _warn_of_missing(name: str, rows: Iterable[Row]) -> None:
    kept = list(rows)
    missing = [row for row in kept if row.answer is None]
    if missing and any(row.reason for row in missing):
        message = (
            f"survey {name!r}: {len(missing):,} of {len(kept):,} answers are missing; "
            f"the first, since {missing[0].reason}"
        )
        warnings.warn(message, stacklevel=4)
