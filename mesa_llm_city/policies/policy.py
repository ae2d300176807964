"""A policy: what a language model answers in each cell, looked up instead of asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.policies.card import PolicyCard
from mesa_llm_city.policies.dimension import Dimension
from mesa_llm_city.policies.smoothing import level_shares, parent_codes, smoothed

__all__ = ["NO_ROW", "Policy"]

NO_ROW = -1
"""Stands for no row, and for no answer."""

_ENTRIES = 2**20  # numbers that are looked at in one go


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Policy:
    """Probabilities of answers by cell, and by coarser cells where a cell has none.

    A row is a cell with some of the last dimensions dropped. The first row has none dropped,
    the last row all of them, so that every decision finds a row.

    Parameters
    ----------
    prompt : str
        What was asked about, such as ``"mode"``.
    dimensions : tuple of Dimension
        What cells differ by, the most important first; the last is dropped first.
    answers : tuple of str
        The answers in canonical form, such as ``"walk"``.
    level : ndarray of int64, shape (rows,)
        How many dimensions are dropped in each row, rising.
    cell : ndarray of int64, shape (rows,)
        Code of the cell over the dimensions that are left, rising within a level.
    given, moments : ndarray of int64, shape (rows,)
        Answers given in the cell, and decisions that were counted in it.
    starts : ndarray of int64, shape (rows + 1,)
        Where the entries of each row begin.
    answer : ndarray of int64, shape (entries,)
        Row of `answers`.
    probability : ndarray of float64, shape (entries,)
        Its probability; those of a row sum to 1.
    card : PolicyCard
        Of which model, prompt and moments it was made.

    Raises
    ------
    DataError
        If the arrays do not fit together.
    """

    prompt: str
    dimensions: tuple[Dimension, ...]
    answers: tuple[str, ...]
    level: Int
    cell: Int
    given: Int
    moments: Int
    starts: Int
    answer: Int
    probability: Float
    card: PolicyCard
    _bounds: Int = field(init=False)
    _sizes: tuple[int, ...] = field(init=False)
    _width: int = field(init=False)

    def __post_init__(self) -> None:
        """Check the arrays, and find where levels begin."""
        levels = np.arange(len(self.dimensions) + 2)
        object.__setattr__(self, "_bounds", np.searchsorted(self.level, levels))
        object.__setattr__(self, "_sizes", tuple(one.size for one in self.dimensions))
        if defects := _defects(self):
            source = f"the policy for {self.prompt}"
            advice = "compile it again"
            raise DataError.listing(source, defects, advice=advice)
        object.__setattr__(self, "_width", int(np.diff(self.starts).max()))

    def __repr__(self) -> str:
        """Return what it is about, its dimensions and its size."""
        by = ", ".join(one.name for one in self.dimensions)
        return (
            f"Policy({self.prompt!r} by {by}: {len(self.cell)} rows, {len(self.answers)} answers)"
        )

    def __deepcopy__(self, memo: object = None) -> Policy:
        """Return the policy itself, since nothing in it can be changed."""
        return self

    @classmethod
    def of_counts(
        cls,
        prompt: str,
        *,
        dimensions: tuple[Dimension, ...],
        answers: tuple[str, ...],
        codes: Int,
        counts: Int,
        moments: Int,
        strength: float,
        card: PolicyCard,
    ) -> Policy:
        """Return the policy of answers that were given in cells, smoothed by coarser cells.

        Parameters
        ----------
        prompt, dimensions, answers, card
            See `Policy`.
        codes : ndarray of int64, shape (m,)
            The cells, each once.
        counts : ndarray of int64, shape (m, number of answers)
            How often each answer was given; at least one a cell.
        moments : ndarray of int64, shape (m,)
            How often the cells occur, at least 1.
        strength : float
            Number of answers that the coarser cell counts for, above 0.
        """
        sizes = tuple(one.size for one in dimensions)
        tables = []
        above: tuple[Int, Float] | None = None
        for level in range(len(sizes), -1, -1):
            known, shares, given, often = level_shares(
                counts, moments, parent_codes(codes, sizes, level)
            )
            if above is not None:
                parents = above[1][np.searchsorted(above[0], _coarser(known, sizes, level))]
                shares = smoothed(shares, given, parents, strength)
            above = known, shares
            tables.append((np.full(len(known), level), known, given, often, shares))
        joined = [np.concatenate(one) for one in zip(*reversed(tables), strict=True)]
        level_of, cell, given_of, often_of, likely = joined
        row, answer = np.nonzero(likely)
        return cls(
            prompt=prompt,
            dimensions=dimensions,
            answers=answers,
            level=level_of,
            cell=cell,
            given=given_of,
            moments=often_of,
            starts=np.concatenate([[0], np.cumsum((likely > 0.0).sum(axis=1))]),
            answer=answer,
            probability=likely[row, answer],
            card=card,
        )

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns that `cells` reads."""
        return frozenset(name for one in self.dimensions for name in one.columns)

    def codes(self, columns: Mapping[str, ArrayLike]) -> Int:
        """Return the cell of each row of columns, shape (m,), as a code over all dimensions."""
        code: Int = np.zeros(1, dtype=np.int64)
        for one, size in zip(self.dimensions, self._sizes, strict=True):
            code = code * size + one.codes(columns)
        return code

    def cells(self, columns: Mapping[str, ArrayLike]) -> Int:
        """Return the row of the policy that holds for each row of columns.

        A cell without a row of its own has that of the finest coarser cell that has one.

        Parameters
        ----------
        columns : mapping of str to array_like
            Columns of equal length m, or scalars: those of `policies.columns`, and what the
            kind of decision adds.

        Returns
        -------
        ndarray of int64, shape (m,)
            Rows of the policy.

        Raises
        ------
        DataError
            If a column is missing, or holds codes that have no label.
        """
        return self.rows(self.codes(columns))

    def rows(self, codes: Int) -> Int:
        """Return the row of the policy for each cell (see `codes` and `cells`), shape (m,)."""
        row = np.full(len(codes), NO_ROW, dtype=np.int64)
        for level in range(len(self._sizes) + 1):
            left = np.flatnonzero(row == NO_ROW)
            if not len(left):
                break
            first, last = self._bounds[level : level + 2].tolist()
            known, wanted = self.cell[first:last], parent_codes(codes[left], self._sizes, level)
            at = np.minimum(np.searchsorted(known, wanted), max(last - first - 1, 0))
            found = known[at] == wanted if len(known) else np.zeros(len(left), dtype=np.bool_)
            row[left[found]] = first + at[found]
        return row

    def draw(self, cells: Int, uniforms: ArrayLike, possible: Bool | None = None) -> Int:
        """Return an answer for each cell, by inverse distribution.

        Parameters
        ----------
        cells : ndarray of int64, shape (m,)
            Rows of the policy (see `cells`).
        uniforms : array_like, shape (m,)
            Numbers in [0, 1).
        possible : ndarray of bool, shape (m, number of answers), optional
            Which answers can be carried out; the others are left out, and the rest keep their
            ratios. All by default.

        Returns
        -------
        ndarray of int64, shape (m,)
            Rows of `answers`; -1 where none is possible. A row does not depend on the others.
        """
        rows, number = np.asarray(cells), np.asarray(uniforms, dtype=np.float64)
        drawn = np.empty(len(rows), dtype=np.int64)
        step = max(1, _ENTRIES // self._width)
        for first in range(0, len(rows), step):
            part = slice(first, first + step)
            able = None if possible is None else possible[part]
            drawn[part] = self._drawn(rows[part], number[part], able)
        return drawn

    def probabilities(self, cells: Int, possible: Bool | None = None) -> Float:
        """Return the probability of each answer, shape (m, number of answers).

        Parameters
        ----------
        cells, possible
            As in `draw`; a row in which no answer is possible is all 0.
        """
        rows = np.asarray(cells)
        at, weight = self._entries(rows, possible)
        likely = np.zeros((len(rows), len(self.answers)))
        np.add.at(likely, (np.arange(len(rows))[:, np.newaxis], self.answer[at]), weight)
        total = likely.sum(axis=1, keepdims=True)
        share: Float = likely / np.where(total > 0.0, total, 1.0)
        return share

    def label(self, row: int) -> str:
        """Return a row in words, the dimensions that are dropped left out."""
        code, told = int(self.cell[row]), list[str]()
        left = self.dimensions[: len(self.dimensions) - int(self.level[row])]
        for one in reversed(left):
            code, at = divmod(code, one.size)
            told.insert(0, f"{one.name} {one.labels[at]}")
        return ", ".join(told) or "everywhere"

    def _entries(self, rows: Int, possible: Bool | None) -> tuple[Int, Float]:
        """Return the entries of rows side by side, and their probabilities, 0 beyond their end."""
        begin, end = self.starts[rows][:, np.newaxis], self.starts[rows + 1][:, np.newaxis]
        at = begin + np.arange(int((end - begin).max(initial=1)))
        within = at < end
        at = np.where(within, at, begin)
        weight = np.where(within, self.probability[at], 0.0)
        if possible is not None:
            weight = weight * np.take_along_axis(possible, self.answer[at], axis=1)
        return at, weight

    def _drawn(self, rows: Int, uniforms: Float, possible: Bool | None) -> Int:
        at, weight = self._entries(rows, possible)
        upper = np.cumsum(weight, axis=1)
        target = uniforms[:, np.newaxis] * upper[:, -1:]
        passed = (upper <= target).sum(axis=1)
        # Rounding may put the target on the last bound: the last answer that is possible then.
        last = weight.shape[1] - 1 - np.argmax(weight[:, ::-1] > 0.0, axis=1)
        chosen = self.answer[at[np.arange(len(rows)), np.minimum(passed, last)]]
        return np.where(upper[:, -1] > 0.0, chosen, NO_ROW)


def _coarser(cells: Int, sizes: tuple[int, ...], level: int) -> Int:
    """Return the codes of cells of a level with one dimension more dropped."""
    return cells // sizes[len(sizes) - level - 1]


def _defects(policy: Policy) -> list[str]:
    """Return what does not fit together in a policy."""
    rows, entries = len(policy.cell), len(policy.answer)
    lengths = {len(one) for one in (policy.level, policy.given, policy.moments, policy.starts[1:])}
    if not rows or lengths != {rows} or len(policy.probability) != entries:
        return [f"its columns differ in length or are empty ({rows} rows, {entries} entries)"]
    if int(policy.level[-1]) != len(policy.dimensions) or (np.diff(policy.level) < 0).any():
        return ["its rows are not in the order of the dimensions dropped, to all of them"]
    found = []
    if entries != policy.starts[-1] or (np.diff(policy.starts) < 1).any():
        found.append("a cell has no answer")
    elif not np.allclose(np.add.reduceat(policy.probability, policy.starts[:-1]), 1.0):
        found.append("the probabilities of a cell do not sum to 1")
    if entries and not 0 <= policy.answer.min() <= policy.answer.max() < len(policy.answers):
        found.append("an answer is not in its list")
    if (policy.probability < 0.0).any():
        found.append("a probability is negative")
    if policy.given.min() < 1 or policy.moments.min() < 1:
        found.append("a cell was never answered, or never occurred")
    sizes = [one.size for one in policy.dimensions]
    limit = np.cumprod([1, *sizes])[len(sizes) - policy.level]
    if (policy.cell < 0).any() or (policy.cell >= limit).any():
        found.append("a cell lies outside its dimensions")
    if any((np.diff(policy.cell[policy.level == one]) <= 0).any() for one in set(policy.level)):
        found.append("cells of a level do not rise")
    return found
