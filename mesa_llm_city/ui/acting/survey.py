"""A survey held from the page: who is asked what, by rules or a language model; leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.interview import separate_llm
from mesa_llm_city.experiments.plain_answers import answer_by_rule
from mesa_llm_city.simulation.crowd.row_query import chosen_of_both
from mesa_llm_city.simulation.interview_context import context_of
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.surveys import Questionnaire, SurveyCost, SurveyQuestion
from mesa_llm_city.simulation.surveys.question import Scale, question_of
from mesa_llm_city.ui.acting.group import Group
from mesa_llm_city.ui.acting.rule_questions import RuleQuestion

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.agent import CityAgent

__all__ = [
    "FORMS_OF_ANSWERS",
    "Asked",
    "Result",
    "ask",
    "cost",
    "drawn_from",
    "own_question",
]

FORMS_OF_ANSWERS = ("own words", "0 to 10", "yes or no", "options")
"""How a question of the reader's own may be answered."""

_SCALES: dict[str, Scale | None] = {
    "own words": None,
    "0 to 10": (0, 10),
    "yes or no": ("yes", "no"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked, of whom, and who answers.

    Parameters
    ----------
    questions : tuple of SurveyQuestion
        The questions.
    group : dict or None
        Query of those who are asked; everybody if None.
    rule : RuleQuestion, optional
        Rules that answer.
    by_model : bool, default False
        Whether a language model like that of the run answers. With neither, facts of each person
        do, in words.
    introduction : str, optional
        What the survey begins with.
    """

    questions: tuple[SurveyQuestion, ...]
    group: Group = None
    rule: RuleQuestion | None = None
    by_model: bool = False
    introduction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """What was answered.

    Parameters
    ----------
    asked : Asked
        The survey.
    minute : int
        Minute of the run at which it was held.
    answers : pandas.DataFrame
        A row for each person, question and item (see ``CityModel.survey``).
    """

    asked: Asked
    minute: int
    answers: pd.DataFrame


def own_question(text: str, form: str, options: str = "") -> SurveyQuestion:
    """Return a question of the reader's own.

    Parameters
    ----------
    text : str
        Its words.
    form : str
        One of `FORMS_OF_ANSWERS`.
    options : str, optional
        The options, with commas between them.

    Raises
    ------
    CityError
        If it cannot be asked.

    Examples
    --------
    >>> own_question("Do you like the park?", "options", "yes, no, never there").options[2].label
    'never there'
    """
    if form == FORMS_OF_ANSWERS[-1]:
        words = [one.strip() for one in options.split(",") if one.strip()]
        if len(words) < 2:
            message = "give at least two options, with a comma between them"
            raise ConfigError(message)
        return question_of(text.strip(), name="question", scale=words)
    return question_of(text.strip(), name="question", scale=_SCALES[form])


def drawn_from(model: CityModel, group: Group, most: int) -> Group:
    """Return a query of about so many people of a group at most, drawn by chance.

    Parameters
    ----------
    model : CityModel
        The model.
    group : dict or None
        The group.
    most : int
        How many; the number drawn varies around it.
    """
    # A language model is asked, which rows of a crowd do not ask.
    agents, _ = chosen_of_both(model, group)
    count = len(agents)
    return group if count <= most else {**(group or {}), "share": most / count}


def cost(model: CityModel, asked: Asked) -> SurveyCost:
    """Return what a survey by a language model would ask, and at what price; nothing is sent.

    Parameters
    ----------
    model : CityModel
        The model.
    asked : Asked
        The survey.

    Raises
    ------
    CityError
        If there is no language model, or the survey cannot be asked.
    """
    return model.survey_cost(_questions(asked), agents=asked.group)


def ask(model: CityModel, asked: Asked) -> Result:
    """Hold a survey between two steps; the model and its own surveys stay as they are.

    Parameters
    ----------
    model : CityModel
        The model.
    asked : Asked
        The survey.

    Raises
    ------
    CityError
        If nobody is asked, nobody can answer, or the budget does not allow it.
    """
    model.check_between_steps("asked")
    agents, rows = chosen_of_both(model, asked.group)
    if not len(agents) + len(rows):
        message = "there is nobody in this group now; choose another one"
        raise ConfigError(message)
    tables = []
    if agents:
        tables.append(_of_citizens(model, asked))
    if len(rows) and asked.rule is not None:
        tables.append(
            model.crowd.survey(
                asked.questions[0],
                rule=asked.rule.of_rows,
                agents=model.crowd.people.ids[rows].tolist(),
            )
        )
    if not tables:
        message = "rows of the crowd answer by rule only; choose a question that rules answer"
        raise ConfigError(message)
    import pandas as pd

    answers = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    return Result(asked=asked, minute=model.minute, answers=answers)


def _of_citizens(model: CityModel, asked: Asked) -> pd.DataFrame:
    llm = None
    if asked.by_model:
        llm = separate_llm(model.llm, calls=None)
        if llm is None:
            message = "the run has no language model that could be asked; let rules answer"
            raise ConfigError(message)
    with model.surveys.set_aside():
        return model.survey(
            _questions(asked),
            rule=None if asked.by_model else _rule_of(model, asked),
            agents=asked.group,
            name="page",
            llm=llm,
        )


def _questions(asked: Asked) -> Questionnaire:
    return Questionnaire(name="page", questions=asked.questions, introduction=asked.introduction)


def _rule_of(model: CityModel, asked: Asked) -> Callable[[CityAgent], Any]:
    if asked.rule is not None:
        return asked.rule.of_agent
    (question,) = asked.questions
    if question.kind != "open":
        message = "facts answer in words only; choose: own words"
        raise ConfigError(message)
    return lambda agent: _fact(model, agent, question)


def _fact(model: CityModel, agent: CityAgent, question: SurveyQuestion) -> str:
    known = context_of(model, agent.person, question.text)
    return answer_by_rule(known, question.text).text[: question.max_chars]
