"""Digital twins: respondents' held-out answers predicted from the rest, beside naive methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.twins.asking import ask_twins
from mesa_llm_city.experiments.twins.guesses import majority, middle, nearest, random_answers
from mesa_llm_city.experiments.twins.respondents import Respondents
from mesa_llm_city.experiments.twins.scores import MEASURES, accuracy_by_question, score_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Twins", "make_twins"]

MODEL, RETEST = "language model", "retest"
RANDOM, MIDDLE, MAJORITY, NEAREST = "random", "middle", "majority", "nearest respondents"
_FOLDS = 5
_FEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Twins:
    """Predicted answers of respondents, and how good they are.

    Parameters
    ----------
    people : Respondents
        The respondents.
    columns : ndarray of int64, shape (k,)
        Columns of the held-out questions.
    said : mapping of str to ndarray of float64, shape (n, k)
        Predicted answers by method.
    reasons : tuple of str
        Reasons of the language model, one a person; empty without one.
    draws : int, default 200
        Resamples of respondents for intervals.
    """

    people: Respondents
    columns: Int
    said: Mapping[str, Float]
    reasons: tuple[str, ...] = ()
    draws: int = 200

    def scores(self) -> pd.DataFrame:
        """Return measures by method (see `score_table`)."""
        return score_table(self.people, self.columns, self.said, draws=self.draws)

    def by_question(self) -> pd.DataFrame:
        """Return accuracy by question and method."""
        return accuracy_by_question(self.people, self.columns, self.said)

    def predictions(self) -> pd.DataFrame:
        """Return one row per person and question: ``person``, ``question``, ``truth``, methods."""
        import pandas as pd

        names = [self.people.questions[at].name for at in self.columns]
        n, k = len(self.people), len(names)
        return pd.DataFrame(
            {
                "person": np.repeat(np.array(self.people.ids, dtype=object), k),
                "question": names * n,
                "truth": self.people.answers[:, self.columns].ravel(),
                **{method: said.ravel() for method, said in self.said.items()},
            }
        )

    def text(self) -> str:
        """Return the measures in a table, and how to read them."""
        # Rows are in the order of methods and measures.
        table = self.scores()["value"].to_numpy().reshape(len(self.said), len(MEASURES))
        count = len(self.columns)
        lines = [
            f"{len(self.people):,} respondents, {count} question{'s' * (count > 1)} held out",
            f"{'':22}" + "".join(f"{one:>14}" for one in MEASURES),
        ]
        for method, row in zip(self.said, table.tolist(), strict=True):
            cells = "".join(f"{value:>14.3f}" for value in row)
            lines.append(f"{method:22}{cells}")
        lines += [f"  {name}: {words}" for name, words in MEASURES.items()]
        return "\n".join([*lines, *self.notes()])

    def notes(self) -> tuple[str, ...]:
        """Return what must be known to read the measures."""
        others = (
            f"{MAJORITY} and {NEAREST} use the held-out answers of other respondents, which the "
            "language model does not see"
        )
        if MODEL not in self.said:
            return others, "no language model was asked"
        return others, (
            "the language model was told facts and the other answers of each respondent; it may "
            "have met a public survey in its training"
        )


def make_twins(
    people: Respondents,
    held_out: Iterable[str],
    *,
    known: Iterable[str] | None = None,
    llm: Backend | None = None,
    retest: Respondents | None = None,
    seed: int = 0,
    draws: int = 200,
) -> Twins:
    """Predict answers that respondents have given, from what else is known of them.

    Parameters
    ----------
    people : Respondents
        The respondents, at least ten.
    held_out : iterable of str
        Questions whose answers are predicted.
    known : iterable of str, optional
        Questions whose answers are known; all others by default.
    llm : Backend, optional
        A language model that answers in the place of each respondent.
    retest : Respondents, optional
        The same people asked again later: how well they predict themselves is as much as a twin
        can reach.
    seed : int, default 0
        Seed of the random answers, and of the fifths: majority and nearest respondents predict
        each fifth of the people from the other four.
    draws : int, default 200
        Resamples of respondents for intervals.

    Raises
    ------
    ConfigError
        If there are fewer than ten people, no or unknown questions, a question is both known and
        held out, or people of the retest differ.

    Examples
    --------
    >>> from mesa_llm_city.simulation.surveys import SurveyQuestion
    >>> def asked(name):
    ...     return SurveyQuestion(name=name, text=name, kind="scale", low=1, high=5)
    >>> answers = np.repeat(np.arange(1.0, 6.0), 4)[:, np.newaxis] * [1.0, 1.0]
    >>> people = Respondents(ids=tuple("abcdefghijklmnopqrst"), facts={},
    ...                      questions=(asked("a"), asked("b")), answers=answers)
    >>> found = make_twins(people, ["b"], draws=20).by_question()
    >>> bool(found.loc["b", "nearest respondents"] > found.loc["b", "majority"])
    True
    """
    columns = people.columns_of(held_out)
    known_columns = _known(people, columns, known)
    if len(people) < _FEWEST:
        message = f"there are {len(people)} respondents; at least {_FEWEST} are needed"
        raise ConfigError(message)
    said = {
        RANDOM: random_answers(people, columns, seed=seed),
        MIDDLE: middle(people, columns),
        **_from_others(people, known_columns, columns, seed),
    }
    reasons: tuple[str, ...] = ()
    if llm is not None:
        answered = ask_twins(people, known_columns, columns, backend=llm)
        said = {MODEL: np.array([one.answers for one in answered]), **said}
        reasons = tuple(one.reason for one in answered)
    if retest is not None:
        said[RETEST] = _again(people, retest, columns)
    return Twins(people=people, columns=columns, said=said, reasons=reasons, draws=draws)


def _known(people: Respondents, columns: Int, known: Iterable[str] | None) -> Int:
    if not len(columns):
        names = ", ".join(one.name for one in people.questions)
        message = f"no question is held out; name some of {names}"
        raise ConfigError(message)
    if known is None:
        return np.setdiff1d(np.arange(len(people.questions)), columns)
    known_columns = people.columns_of(known)
    if both := [people.questions[at].name for at in np.intersect1d(known_columns, columns)]:
        message = f"{', '.join(both)} cannot be both known and held out; leave it out of one"
        raise ConfigError(message)
    return known_columns


def _from_others(people: Respondents, known: Int, columns: Int, seed: int) -> dict[str, Float]:
    """Return what other respondents' answers suggest, fifth by fifth."""
    fold = streams.rng(seed, 0, "twins folds", 0).permutation(len(people)) % _FOLDS
    usual, near = np.empty((2, len(people), len(columns)))
    for part in range(_FOLDS):
        rows, rest = np.flatnonzero(fold == part), np.flatnonzero(fold != part)
        ours, others = people.rows(rows), people.rows(rest)
        usual[rows] = majority(ours, others, columns)
        near[rows] = nearest(ours, others, known, columns)
    return {MAJORITY: usual, NEAREST: near}


def _again(people: Respondents, retest: Respondents, columns: Int) -> Float:
    rows = {one: row for row, one in enumerate(retest.ids)}
    names = [people.questions[at].name for at in columns]
    again = retest.answers[:, retest.columns_of(names)]
    found = np.full((len(people), len(columns)), np.nan)
    for row, one in enumerate(people.ids):
        if one in rows:
            found[row] = again[rows[one]]
    if np.isnan(found).all():
        message = "none of the people of the retest is a respondent; give both the same ids"
        raise ConfigError(message)
    return found
