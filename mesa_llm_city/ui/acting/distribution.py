"""How answers of a survey are distributed: numbers behind the chart of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mesa_llm_city.simulation.surveys import SurveyQuestion

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Bar", "Distribution", "distributions"]

_OPEN, _MULTIPLE = "open", "multiple"
_MOST_BARS = 21
_MOST_POINTS = 21


class Bar(NamedTuple):
    """An answer and how many people give it.

    Attributes
    ----------
    label : str
        The answer in words.
    people : int
        How many people give it.
    share : float
        Of those who answer, in [0, 1].
    """

    label: str
    people: int
    share: float


class Distribution(NamedTuple):
    """The answers to a question, or to an item of it.

    Attributes
    ----------
    title : str
        The words of the question and of the item.
    bars : tuple of Bar
        The answers in their order, those that nobody gives too; none for answers in own words.
    mean : float or None
        Mean of answers on a scale.
    answered, missing : int
        How many people answer and do not.
    """

    title: str
    bars: tuple[Bar, ...]
    mean: float | None
    answered: int
    missing: int


def distributions(
    answers: pd.DataFrame, questions: tuple[SurveyQuestion, ...]
) -> list[Distribution]:
    """Return how the answers are distributed, question by question and item by item.

    Parameters
    ----------
    answers : pandas.DataFrame
        A row for each person, question and item.
    questions : tuple of SurveyQuestion
        The questions.
    """
    found = []
    for question in questions:
        rows = answers[answers["question"] == question.name]
        if question.kind == _MULTIPLE:
            found.append(_of_options(rows, question))
            continue
        items = dict(question.items) or {"": ""}
        for item, words in items.items():
            own = rows[rows["item"] == item]
            title = f"{question.text} {words}".strip()
            found.append(_of_one(own, question, title))
    return found


def _of_one(rows: pd.DataFrame, question: SurveyQuestion, title: str) -> Distribution:
    known = rows.dropna(subset=["answer"])
    missing = len(rows) - len(known)
    if question.kind == _OPEN:
        return Distribution(title, (), None, len(known), missing)
    counts = known["answer"].value_counts().to_dict()
    bars = tuple(
        Bar(label, int(counts.get(code, 0)), _share(int(counts.get(code, 0)), len(known)))
        for code, label in _codes(question)
    )
    mean = (
        float(known["answer"].astype(float).mean()) if question.has_scale and len(known) else None
    )
    return Distribution(title, bars[:_MOST_BARS], mean, len(known), missing)


def _of_options(rows: pd.DataFrame, question: SurveyQuestion) -> Distribution:
    """Return how many people choose each of several options."""
    known = rows.dropna(subset=["answer"])
    people = int(known["person"].nunique())
    chosen = known[known["answer"].astype(float) > 0.0]["item"].value_counts().to_dict()
    bars = tuple(
        Bar(
            one.label,
            int(chosen.get(str(one.code), 0)),
            _share(int(chosen.get(str(one.code), 0)), people),
        )
        for one in question.options
    )
    return Distribution(question.text, bars, None, people, int(rows["person"].nunique()) - people)


def _codes(question: SurveyQuestion) -> list[tuple[object, str]]:
    """Return the answers to choose from, with their words."""
    if question.low is None or question.high is None:
        return [(one.code, one.label) for one in question.options]
    points = range(question.low, question.high + 1)
    step = -(-len(points) // _MOST_POINTS)
    words = {point: question.label_of(point) for point in points[::step]}
    return [(point, f"{point} {word}".strip()) for point, word in words.items()]


def _share(count: int, people: int) -> float:
    return count / people if people else 0.0
