"""The surveys of a model, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.simulation.surveys.question import SurveyQuestion
from mesa_llm_city.simulation.surveys.saved import survey_of_state, survey_state
from mesa_llm_city.simulation.surveys.survey import Survey

if TYPE_CHECKING:
    from mesa_llm_city.core.clock import Clock
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Surveys"]

_UNNAMED = "survey"


class Surveys(Mapping[str, Survey]):
    """The surveys of a model by name, in the order in which they were made.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 3, rng=7)
    >>> _ = model.survey("How old are you?", scale=(0, 120), rule=lambda one: one.age, name="age")
    >>> model.surveys["age"].waves, list(model.surveys)
    (1, ['age'])
    """

    def __init__(self) -> None:
        self._surveys: dict[str, Survey] = {}
        self._next: int | None = None
        self.is_remaking = False

    def __getitem__(self, name: str) -> Survey:
        """Return a survey by name.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        if name not in self._surveys:
            known = ", ".join(self._surveys) or "none"
            message = (
                f"there is no survey {name!r}{did_you_mean(str(name), list(self._surveys))}; "
                f"there are {known}"
            )
            raise KeyError(message)
        return self._surveys[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._surveys)

    def __len__(self) -> int:
        """Return the number of surveys."""
        return len(self._surveys)

    def free_name(self, wanted: str | None) -> str:
        """Return a name that no survey has; `wanted` itself if it is free.

        Raises
        ------
        ConfigError
            If `wanted` is taken.
        """
        if wanted is None:
            numbers = range(1, len(self._surveys) + 2)
            names = (f"{_UNNAMED}_{number}" for number in numbers)
            return next(name for name in names if name not in self._surveys)
        if wanted in self._surveys:
            message = (
                f"there is a survey {wanted!r} already, with other questions or times; give "
                "another name"
            )
            raise ConfigError(message)
        return wanted

    def add(self, survey: Survey) -> None:
        """Keep a survey, and hold it when its times come."""
        self._surveys[survey.name] = survey
        self._plan()

    def hold_due(self, model: CityModel) -> None:
        """Hold the surveys whose time has come; nothing happens, at no cost, if there is none."""
        if self._next is None or self._next > model.minute:
            return
        try:
            for survey in self._surveys.values():
                survey.hold_due(model)
        finally:
            self._plan()

    def same(self, name: str | None, questions: Sequence[SurveyQuestion]) -> Survey | None:
        """Return the survey of this name if it asks the same questions."""
        found = None if name is None else self._surveys.get(name)
        return found if found is not None and found.questions == tuple(questions) else None

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Have the model without surveys inside the block, such as for a copy of it."""
        kept = self._surveys, self._next
        self._surveys, self._next = {}, None
        try:
            yield
        finally:
            self._surveys, self._next = kept

    @contextmanager
    def remaking(self) -> Iterator[None]:
        """Make surveys again inside the block without asking anybody; `restore` follows."""
        self.is_remaking = True
        try:
            yield
        finally:
            self.is_remaking = False

    def close(self) -> None:
        """Close the files of answers that surveys keep beside that of the run."""
        for survey in self._surveys.values():
            survey.close()

    def state(self) -> dict[str, Any]:
        """Return all surveys with their answers as JSON-able values."""
        return {name: survey_state(survey) for name, survey in self._surveys.items()}

    def restore(self, state: Mapping[str, Any], clock: Clock) -> None:
        """Take over what `state` has returned.

        Surveys that the model has are filled; others are made again. What a survey has spent is not
        among the values: its limits begin anew.

        Parameters
        ----------
        state : mapping
            The surveys by name.
        clock : Clock
            Calendar of the run.

        Raises
        ------
        ConfigError
            If a survey asks other questions here, or has waves to come that need a rule, a
            function or a pydantic model, and was not made again.
        """
        unknown = {name: saved for name, saved in state.items() if name not in self._surveys}
        if code := [name for name, saved in unknown.items() if saved["remade_by_user"]]:
            message = (
                f"the surveys {', '.join(code)} have waves to come that need their rule, query or "
                "pydantic model; make them with the same names and questions first; "
                "CityModel.load(surveys=...) takes a function that does"
            )
            raise ConfigError(message)
        for name, saved in state.items():
            if name in self._surveys:
                self._surveys[name].restore(saved)
            else:
                self._surveys[name] = survey_of_state(name, saved, clock)
        self._plan()

    def _plan(self) -> None:
        minutes = [one.next_minute for one in self._surveys.values()]
        self._next = min((one for one in minutes if one is not None), default=None)
