"""What a city model can do with surveys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

from pydantic import BaseModel

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.query import Query, check_query, chosen
from mesa_llm_city.simulation.surveys.asking import Rule
from mesa_llm_city.simulation.surveys.cost import SurveyCost, estimate_survey
from mesa_llm_city.simulation.surveys.own_llm import limited, survey_llm
from mesa_llm_city.simulation.surveys.question import Scale, SurveyQuestion, question_of
from mesa_llm_city.simulation.surveys.questionnaire import Questionnaire
from mesa_llm_city.simulation.surveys.schedule import Timetable, When, timetable
from mesa_llm_city.simulation.surveys.survey import Survey
from mesa_llm_city.simulation.surveys.surveys import Surveys
from mesa_llm_city.simulation.surveys.table import Row, answer_table

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["ModelSurveys", "Questions"]

Questions: TypeAlias = str | SurveyQuestion | Questionnaire | Sequence[str | SurveyQuestion]
"""A question, several, or a questionnaire."""


class ModelSurveys:
    """Questions to the people of a city model.

    Attributes
    ----------
    surveys : Surveys
        The surveys by name, with all answers.
    """

    surveys: Surveys

    def survey(
        self,
        question: Questions,
        *,
        reply: type[BaseModel] | None = None,
        scale: Scale | None = None,
        rule: Rule | None = None,
        agents: Query = None,
        when: When | None = None,
        name: str | None = None,
        llm: LLM | None = None,
        max_calls: int | None = None,
        max_usd: float | None = None,
    ) -> pd.DataFrame:
        """Ask people, and return their answers; nothing in the model changes.

        A language model answers for each person, in view of persona, memories, goals, mood and
        the like; or `rule` does. The people do not remember the survey, and no random number of
        the run is drawn.

        Parameters
        ----------
        question : str, SurveyQuestion, Questionnaire or a sequence
            What is asked. Texts are named ``question``, or ``question_1`` and so on.
        reply : type of pydantic.BaseModel, optional
            Form of the answer to each text: one row for each field but ``reason``.
        scale : tuple of int, mapping or sequence of str, optional
            Ends of a scale, such as ``(0, 10)``; words for points of a scale, such as ``{1: "bad",
            5: "good"}``; or the words of options. With neither of the two, people answer in
            their own words.
        rule : callable or mapping, optional
            Takes an agent and returns its answer: a number, code or text, or None for no answer;
            for several questions a mapping of answers by name. Or one rule for each question.
        agents : Query, optional
            Who is asked (see `query.chosen`); all citizens by default. ``model.crowd`` asks the
            rows of the crowd by `rule`, which is then one of `CrowdAgent.survey`.
        when : int, str, datetime, SurveySchedule, mapping or iterable, optional
            When: minutes since the start, ``"day 2 20:00"``, a date and time, several of these, or
            a schedule such as ``{"every_days": 7, "at": "day 1 20:00"}``. Now by default.
            People are then chosen anew each time; give ids to ask the same ones.
        name : str, optional
            Name of the survey in `surveys`; that of the questionnaire, or ``survey_1`` and so on.
            The same questions under the same name are another wave of that survey, with the
            limits of the first.
        llm : LLM, optional
            Language model that answers; by default one like the model's, with a ledger, a
            budget and a store of its own.
        max_calls : int, optional
            Greatest number of calls of all waves together.
        max_usd : float, optional
            Greatest sum to be spent in all waves together, in US dollars.

        Returns
        -------
        pandas.DataFrame
            A row for each person, question and item (see `Survey.answers`); none yet if the survey
            is held later. A missing answer is NaN, and ``reason`` says why.

        Raises
        ------
        ConfigError
            If it cannot be asked, there is nobody to answer it, `max_calls` is not enough to ask
            everybody once, or a rule gives what is no answer.
        DataError
            Lists all that is wrong with `agents`.

        Examples
        --------
        >>> from mesa_llm_city import City, CityModel
        >>> model = CityModel(City.synthetic(rng=1, places=400), 3, rng=7)
        >>> asked = model.survey("Are you asleep?", scale=["yes", "no"],
        ...                      rule=lambda one: 1 if one.purpose == "sleep" else 2)
        >>> asked["label"].tolist()
        ['yes', 'yes', 'yes']
        """
        model = cast("CityModel", self)
        if agents is not None and agents is model.crowd_or_none:
            return model.crowd.survey(question, rule=rule, scale=scale)  # type: ignore[arg-type]
        questions, introduction = _questions(question, reply, scale)
        check_query(model, agents)
        _check_rule(rule, questions)
        wanted = question.name if name is None and isinstance(question, Questionnaire) else name
        survey = self.surveys.same(wanted, questions) if when is None else None
        if survey is None:
            survey = _new_survey(model, wanted, questions, introduction, when)
            survey.limits = (max_calls, max_usd)
        survey.query, survey.rule = _kept(agents), rule
        if llm is not None:
            survey.llm = limited(llm, max_calls=max_calls, max_usd=max_usd)
        survey.check(model)
        rows: Sequence[Row] = ()
        if not self.surveys.is_remaking:
            rows = survey.hold(model) if when is None else ()
            survey.hold_due(model)
        # Kept at last, so that a survey that fails at once leaves no trace.
        self.surveys.add(survey)
        return answer_table(rows, model.clock) if when is None else survey.answers()

    def survey_cost(
        self,
        question: Questions,
        *,
        reply: type[BaseModel] | None = None,
        scale: Scale | None = None,
        agents: Query = None,
        waves: int = 1,
        llm: LLM | None = None,
    ) -> SurveyCost:
        """Return what a survey would ask, and at what price; nothing is sent.

        Parameters
        ----------
        question, reply, scale, agents, llm
            As for `survey`.
        waves : int, default 1
            How often it is held.

        Raises
        ------
        ConfigError
            If it cannot be asked, or there is no language model.

        Examples
        --------
        >>> from mesa_llm_city import City, CityModel
        >>> from mesa_llm_city.llm import LLM, ClientSpec
        >>> llm = LLM(ClientSpec(backend="scripted", model="made-up"))
        >>> model = CityModel(City.synthetic(rng=1, places=400), 30, rng=7, llm=llm)
        >>> model.survey_cost("How are you?", scale=(0, 10), waves=4).calls
        120
        """
        model = cast("CityModel", self)
        questions, introduction = _questions(question, reply, scale)
        if waves < 1:
            message = f"waves must be at least 1, got {waves}"
            raise ConfigError(message)
        asked = survey_llm(model.llm) if llm is None else llm
        found = estimate_survey(
            model, asked, questions, agents=chosen(model, agents), introduction=introduction
        )
        return found.times(waves)


def _new_survey(
    model: CityModel,
    name: str | None,
    questions: tuple[SurveyQuestion, ...],
    introduction: str,
    when: When | None,
) -> Survey:
    now = Timetable(())
    times = now if when is None else timetable(when, model.clock, now=model.minute)
    free = model.surveys.free_name(name)
    return Survey(free, questions, clock=model.clock, times=times, introduction=introduction)


def _questions(
    given: Questions, reply: type[BaseModel] | None, scale: Scale | None
) -> tuple[tuple[SurveyQuestion, ...], str]:
    """Return questions, and the words that they begin with."""
    if isinstance(given, Questionnaire | SurveyQuestion):
        if reply is not None or scale is not None:
            message = (
                "the questions say themselves how they are answered; leave out reply and scale"
            )
            raise ConfigError(message)
        if isinstance(given, Questionnaire):
            return given.questions, given.introduction
        return (given,), ""
    if isinstance(given, str):
        return (question_of(given, name="question", reply=reply, scale=scale),), ""
    listed: object = given
    if not isinstance(listed, Sequence) or not listed:
        message = (
            "question must be a text, a SurveyQuestion, a Questionnaire or a list of at least one "
            f"of these, got {given!r}"
        )
        raise ConfigError(message)
    made = tuple(
        one
        if isinstance(one, SurveyQuestion)
        else question_of(one, name=f"question_{number}", reply=reply, scale=scale)
        for number, one in enumerate(listed, start=1)
    )
    names = [one.name for one in made]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"two questions have the same name: {', '.join(twice)}"
        raise ConfigError(message)
    return made, ""


def _check_rule(rule: object, questions: Sequence[SurveyQuestion]) -> None:
    names = [question.name for question in questions]
    if isinstance(rule, Mapping):
        is_right = set(rule) <= set(names) and all(map(callable, rule.values()))
    else:
        is_right = rule is None or callable(rule)
    if not is_right:
        message = (
            "rule must be a function of an agent, or a mapping of such functions by some of "
            f"{', '.join(names)}, got {rule!r}"
        )
        raise ConfigError(message)


def _kept(query: Query) -> Query:
    """Return a query that can be asked again and copied with the model."""
    if query is None or isinstance(query, Mapping) or callable(query):
        return query
    return tuple(one.person if isinstance(one, CityAgent) else one for one in query)
