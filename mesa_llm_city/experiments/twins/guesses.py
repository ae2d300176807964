"""What answers are predicted without any model of a person: naive baselines."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.twins.respondents import Respondents
from mesa_llm_city.simulation.surveys.question import SurveyQuestion

__all__ = ["alike", "majority", "middle", "nearest", "random_answers"]

_NEIGHBOURS = 15
_CHUNK = 256  # people compared at a time, so that memory stays small


def random_answers(people: Respondents, columns: Int, *, seed: int) -> Float:
    """Return an answer drawn evenly for each person and question, shape (n, k).

    Parameters
    ----------
    people : Respondents
        The people.
    columns : ndarray of int64, shape (k,)
        Columns of the questions.
    seed : int
        Seed of the draws, which depend on the seed and the id's row alone.
    """
    draws = streams.rng(seed, 0, "twins random", 0).random((len(people), len(columns)))
    low, count = _points([people.questions[at] for at in columns])
    return low + np.floor(draws * count)


def middle(people: Respondents, columns: Int) -> Float:
    """Return the middle of each scale, and the first option of others, shape (n, k).

    On a scale of five points the middle is never further than half its length from the truth:
    it is a baseline that accuracy by distance flatters.
    """
    asked = [people.questions[at] for at in columns]
    low, count = _points(asked)
    is_scale = np.array([one.has_scale for one in asked])
    row = np.where(is_scale, low + np.floor((count - 1.0) / 2.0), 0.0)
    return np.tile(row, (len(people), 1))


def majority(people: Respondents, others: Respondents, columns: Int) -> Float:
    """Return the most frequent answer of other respondents to each question, shape (n, k).

    Ties go to the lowest answer; where nobody has answered it is the middle.
    """
    usual = middle(others.rows([0]), columns)[0]
    for at, column in enumerate(columns):
        known = others.answers[:, column]
        known = known[np.isfinite(known)]
        if len(known):
            values, counts = np.unique(known, return_counts=True)
            usual[at] = values[counts.argmax()]
    return np.tile(usual, (len(people), 1))


def alike(people: Respondents, others: Respondents, known: Int) -> Float:
    """Return how alike people and other respondents are, shape (n, m), in [0, 1].

    The mean over what is known of both: 1 less the distance over the span for answers on a
    scale, 1 or 0 for options and texts, and 1 less the distance over the range for facts that
    are numbers (Gower 1971, Biometrics 27(4), 857-871). Where nothing is known of both it is 0.
    """
    spans = people.spans()
    numbers = [(people.answers[:, at], others.answers[:, at], spans[at]) for at in known]
    numbers += [_fact(people.facts[name], others.facts[name]) for name in people.facts]
    total, counted = np.zeros((2, len(people), len(others)))
    for ours, theirs, span in numbers:
        for begin in range(0, len(people), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            distance = np.abs(ours[part, np.newaxis] - theirs) / span
            both = np.isfinite(distance)
            total[part] += np.where(both, np.maximum(1.0 - distance, 0.0), 0.0)
            counted[part] += both
    similarity: Float = total / np.maximum(counted, 1.0)
    return similarity


def nearest(
    people: Respondents,
    others: Respondents,
    known: Int,
    columns: Int,
    *,
    neighbours: int = _NEIGHBOURS,
) -> Float:
    """Return the answers of the most similar respondents, shape (n, k).

    Parameters
    ----------
    people, others : Respondents
        Whose answers are predicted, and whose are known.
    known : ndarray of int64
        Columns of the questions by which people are compared, besides their facts.
    columns : ndarray of int64, shape (k,)
        Columns of the questions that are predicted.
    neighbours : int, default 15
        Number of respondents: their median on a scale, their most frequent option otherwise.
    """
    similarity = alike(people, others, known)
    said = np.empty((len(people), len(columns)))
    usual = majority(people, others, columns)
    for at, column in enumerate(columns):
        truth = others.answers[:, column]
        # Who has not answered is nobody's neighbour.
        ranked = np.where(np.isfinite(truth), similarity, -1.0)
        count = min(neighbours, int(np.isfinite(truth).sum()))
        if not count:
            said[:, at] = usual[:, at]
            continue
        rows = np.argsort(-ranked, axis=1, kind="stable")[:, :count]
        said[:, at] = _summary(truth[rows], people.questions[column])
    return said


def _summary(answers: Float, question: SurveyQuestion) -> Float:
    if question.has_scale:
        middling: Float = np.floor(np.median(answers, axis=1) + 0.5)
        return middling
    options = np.arange(len(question.options))
    counts = (answers[:, :, np.newaxis] == options).sum(axis=1)
    usual: Float = counts.argmax(axis=1).astype(np.float64)
    return usual


def _points(questions: list[SurveyQuestion]) -> tuple[Float, Float]:
    """Return the lowest answer to each question, and their number."""
    low = [float(one.low or 0) if one.has_scale else 0.0 for one in questions]
    count = [
        float((one.high or 0) - (one.low or 0) + 1) if one.has_scale else float(len(one.options))
        for one in questions
    ]
    return np.array(low), np.array(count)


def _fact(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[Float, Float, float]:
    """Return a fact of people and others as numbers, and the distance that counts as whole."""
    everybody = (*ours, *theirs)
    try:
        values = np.array([float(one) if one else np.nan for one in everybody])
    except ValueError:
        codes = {text: float(code) for code, text in enumerate(sorted(set(everybody)))}
        values = np.array([codes[one] if one else np.nan for one in everybody])
        # Any difference of words is a whole one.
        return values[: len(ours)], values[len(ours) :], 1.0
    known = values[np.isfinite(values)]
    span = float(np.ptp(known)) if len(known) else 0.0
    return values[: len(ours)], values[len(ours) :], span or 1.0
