"""Columns, levels and words that give the label away alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln  # much quicker to import than scipy.stats

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.metrics import auc
from mesa_llm_city.migration.survey.households import shrunk_share
from mesa_llm_city.migration.survey.leakage_rules import LeakageRules
from mesa_llm_city.migration.survey.levels import Levels, level_shares
from mesa_llm_city.migration.survey.permutation import adjusted, auc_p_values, permuted_labels
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ColumnScore",
    "Examined",
    "RevealingLevel",
    "column_scores",
    "exact_probability",
    "revealing_levels",
    "revealing_words",
]

_SMALLEST = 1e-300
_LONGEST = 400  # characters of a word; longer ones are no words
_WORD = re.compile(r"\w+")
# Chinese, Japanese and Korean are written without spaces, so pairs of characters are words.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

Labels = NDArray[np.int8]


class Examined(NamedTuple):
    """A column to examine.

    Parameters
    ----------
    kind : str
        Kind of the column.
    names : tuple of str
        Names of its levels.
    ranges : range
        Numbers of those levels that are ranges of a number.
    train, test : ndarray of int64
        Number of the level of each row, in both tables.
    """

    kind: str
    names: tuple[str, ...]
    ranges: range
    train: Int
    test: Int

    @classmethod
    def of(cls, kind: str, train: pd.Series, test: pd.Series, words: dict[int, str]) -> Self:
        """Find the levels of a column in the training table.

        Parameters
        ----------
        kind : str
            Kind of the column.
        train, test : pandas.Series
            Values in both tables.
        words : dict of int to str
            Meaning of codes.
        """
        levels = Levels.find(train, words)
        return cls(kind, levels.names, levels.ranges, levels.of(train), levels.of(test))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnScore:
    """How well one column alone predicts the label.

    Parameters
    ----------
    name : str
        Name of the column.
    kind : str
        Kind of the column.
    train_auc, auc : float
        AUC of the share of label 1 by level, fitted to the training table, in both tables.
    probability : float
        Probability of so high an AUC in the test table by chance, corrected for the number of
        columns.
    """

    name: str
    kind: str
    train_auc: float
    auc: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealingLevel:
    """A level of a column, or a word of a text, nearly all of whose rows have one label.

    Parameters
    ----------
    column, level : str
        Name of the column, and of the level or word.
    label : int
        The label, 0 or 1.
    train_rows, test_rows : int
        Number of rows of the level.
    train_share, test_share : float
        Share of these rows with the label.
    odds : float
        Odds of the label, divided by those of all other rows, in the training table.
    probability : float
        Probability of such odds by chance (exact test), corrected for the number of levels or
        words.
    """

    column: str
    level: str
    label: int
    train_rows: int
    test_rows: int
    train_share: float
    test_share: float
    odds: float
    probability: float


def column_scores(
    train: SurveyTable,
    test: SurveyTable,
    columns: Mapping[str, Examined],
    rules: LeakageRules,
) -> tuple[ColumnScore, ...]:
    """Return how well each column alone predicts the label, the best first.

    Parameters
    ----------
    train, test : SurveyTable
        The tables, for labels and households.
    columns : mapping of str to Examined
        Columns by name.
    rules : LeakageRules
        Number and seed of the permutations.
    """
    if not columns:
        return ()
    found = [_score(train.target, one) for one in columns.values()]
    scores = np.column_stack([there for _, there in found])
    permuted = permuted_labels(test.target, test.group, rules.times(len(test)), rules.seed)
    p = adjusted(auc_p_values(test.target, scores, permuted))
    result = [
        ColumnScore(
            name=name,
            kind=column.kind,
            train_auc=auc(train.target, here),
            auc=auc(test.target, there),
            probability=float(probability),
        )
        for (name, column), (here, there), probability in zip(
            columns.items(), found, p, strict=True
        )
    ]
    return tuple(sorted(result, key=lambda one: (-np.nan_to_num(one.auc), one.name)))


def _score(target: Labels, column: Examined) -> tuple[Float, Float]:
    rows, positives = level_shares(column.train, target, len(column.names))
    share = shrunk_share(positives, rows, float(target.mean()))
    return share[column.train], share[column.test]


def revealing_levels(
    train: SurveyTable,
    test: SurveyTable,
    columns: Mapping[str, Examined],
    rules: LeakageRules,
) -> tuple[RevealingLevel, ...]:
    """Return levels that give the label away in both tables, the strongest first.

    "Missing" is a level of every column. See `column_scores` for the parameters.
    """
    candidates = []
    for name, column in columns.items():
        parts = [
            level_shares(place, table.target, len(column.names))
            for place, table in ((column.train, train), (column.test, test))
        ]
        candidates += [
            _Candidate(name, level, *(int(one[at]) for part in parts for one in part))
            for at, level in enumerate(column.names)
            if at not in column.ranges
        ]
    return _revealing(candidates, train, test, rules)


def revealing_words(
    train: SurveyTable, test: SurveyTable, columns: Sequence[str], rules: LeakageRules
) -> tuple[RevealingLevel, ...]:
    """Return words, and pairs of words, that give the label away in both tables.

    Parameters
    ----------
    train, test : SurveyTable
        The tables.
    columns : sequence of str
        Names of the columns of text.
    rules : LeakageRules
        Limits.
    """
    candidates = []
    for name in columns:
        here, there = (_word_counts(table.frame[name], table.target) for table in (train, test))
        candidates += [
            _Candidate(name, word, *numbers, *there.get(word, (0, 0)))
            for word, numbers in sorted(here.items())
            if numbers[0] >= rules.least_rows
        ]
    return _revealing(candidates, train, test, rules)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Rows and positives of a level in both tables."""

    column: str
    level: str
    rows: int
    positives: int
    test_rows: int
    test_positives: int

    def shares(self, label: int) -> tuple[float, float]:
        """Return the share of a label among the rows of the level, in both tables."""
        here, there = self.rows - self.positives, self.test_rows - self.test_positives
        hits = (self.positives, self.test_positives) if label else (here, there)
        return hits[0] / max(self.rows, 1), hits[1] / max(self.test_rows, 1)

    def odds(self, label: int, rows: int, positives: int) -> float:
        """Return the odds of a label divided by those of all other rows, in the training table.

        One half is added to each number, so that none is zero (Haldane, 1956).
        """
        own_0, rest = self.rows - self.positives, positives - self.positives
        rest_0 = rows - self.rows - rest
        ratio = (self.positives + 0.5) * (rest_0 + 0.5) / ((own_0 + 0.5) * (rest + 0.5))
        return ratio if label else 1.0 / ratio


def exact_probability(rows: int, hits: int, of_rows: int, of_hits: int) -> float:
    """Return the probability of at least `hits` in `rows` rows drawn without replacement.

    The exact test of Fisher (1922), of one side.

    Parameters
    ----------
    rows, hits : int
        Number of rows drawn, and of those with the label.
    of_rows, of_hits : int
        Number of all rows, and of those with the label.

    Examples
    --------
    >>> round(exact_probability(2, 2, 4, 2), 6)  # 1 of 6 pairs
    0.166667
    """
    most = min(rows, of_hits)
    k = np.arange(hits, most + 1)
    logs = _ways(of_hits, k) + _ways(of_rows - of_hits, rows - k) - _ways(of_rows, np.array(rows))
    return min(float(np.exp(logs).sum()), 1.0)


def _ways(count: int, chosen: NDArray[np.int64]) -> Float:
    """Return the logarithm of the number of ways to choose some of `count`; -inf if none."""
    inside = np.clip(chosen, 0, count)
    ways = gammaln(count + 1.0) - gammaln(inside + 1.0) - gammaln(count - inside + 1.0)
    logs: Float = np.where(chosen == inside, ways, -np.inf)
    return logs


def _revealing(
    candidates: list[_Candidate], train: SurveyTable, test: SurveyTable, rules: LeakageRules
) -> tuple[RevealingLevel, ...]:
    fewest = max(rules.least_rows, rules.least_share * len(train))
    examined = [one for one in candidates if one.rows >= fewest]
    count = len(examined)
    found = [_examined_level(one, train.target, count) for one in examined]
    kept = [
        one
        for one in found
        if min(one.train_share, one.test_share) >= rules.level_share
        and one.odds >= rules.level_odds
        and one.probability <= rules.probability
        and one.test_share > float(np.mean(test.target == one.label))
    ]
    return tuple(sorted(kept, key=lambda one: (one.probability, one.column, one.level)))


def _examined_level(one: _Candidate, train: Labels, count: int) -> RevealingLevel:
    rows, positives = len(train), int(np.count_nonzero(train))
    label = int(one.positives * rows > positives * one.rows)
    of_hits, hits = (
        (positives, one.positives) if label else (rows - positives, one.rows - one.positives)
    )
    here, there = one.shares(label)
    # Twice, since the label is chosen as the more frequent one.
    p = min(2.0 * count * exact_probability(one.rows, hits, rows, of_hits), 1.0)
    return RevealingLevel(
        column=one.column,
        level=one.level,
        label=label,
        train_rows=one.rows,
        test_rows=one.test_rows,
        train_share=here,
        test_share=there,
        odds=one.odds(label, rows, positives),
        probability=max(p, _SMALLEST),
    )


def _word_counts(texts: pd.Series, target: Labels) -> dict[str, tuple[int, int]]:
    """Return the number of texts with each word, and of those with label 1."""
    rows: Counter[str] = Counter()
    positives: Counter[str] = Counter()
    for text, label in zip(texts.tolist(), target.tolist(), strict=True):
        words = set(_words(text)) if isinstance(text, str) else ()
        rows.update(words)
        if label == 1:
            positives.update(words)
    return {word: (count, positives[word]) for word, count in rows.items()}


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case, and pairs of neighbouring words."""
    words: Iterable[str] = (one.lower() for one in _WORD.findall(text) if len(one) <= _LONGEST)
    single = [part for word in words for part in _parts(word)]
    yield from single
    yield from (f"{one} {other}" for one, other in pairwise(single))


def _parts(word: str) -> list[str]:
    if not _UNSPACED.search(word) or len(word) < 2:
        return [word]
    return [word[at : at + 2] for at in range(len(word) - 1)]
