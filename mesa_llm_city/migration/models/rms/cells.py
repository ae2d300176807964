"""Cells of a table as text, such as "Marital status: married;", with rounded numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.verbalisation import date_text

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.migration.survey.column import Column
    from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["cell_texts", "number_text", "number_texts", "rounded_to_octaves", "text_features"]

_EXACT_BELOW = 100
_NEAR_BORDER = 1e-6
_FAR = 10_000.0  # more than any step, so that the sign of a step is free


def rounded_to_octaves(value: float, *, per_octave: int = 2) -> float:
    """Return `value` rounded to one of `per_octave` steps for each doubling; 0 stays 0.

    Examples
    --------
    >>> rounded_to_octaves(30_000.0)
    32768.0
    """
    if value == 0.0:
        return 0.0
    step = round(math.log2(abs(value)) * per_octave) / per_octave
    return math.copysign(2.0**step, value)


def number_text(value: float) -> str:
    """Return a short text of a number: exact if whole and below 100, otherwise rounded.

    Examples
    --------
    >>> [number_text(value) for value in (35.0, 30_000.0, -1_500.0, 2.1e9)]
    ['35', '33k', '-1.4k', '2.1b']
    """
    if abs(value) < _EXACT_BELOW and value == round(value):
        return str(int(value))
    near = rounded_to_octaves(value)
    for size, suffix in ((1e9, "b"), (1e6, "m"), (1e3, "k")):
        if abs(near) >= size:
            return f"{_two_digits(near / size)}{suffix}"
    return _two_digits(near)


def number_texts(values: Float) -> list[str]:
    """Return the short text of each number; each rounded number is written once.

    Examples
    --------
    >>> number_texts(np.array([35.0, 30_000.0, 31_000.0]))
    ['35', '33k', '33k']
    """
    size = np.abs(values)
    is_exact = (size < _EXACT_BELOW) & (values == np.rint(values))
    step = np.log2(size, out=np.zeros(len(size)), where=size > 0.0) * 2
    # Close to the border of two steps, libraries may round logarithms differently.
    is_alone = is_exact | (np.abs(step - np.floor(step) - 0.5) < _NEAR_BORDER)
    texts = np.empty(len(values), dtype=object)
    texts[is_alone] = [number_text(value) for value in values[is_alone].tolist()]
    others = values[~is_alone]
    group = np.copysign(_FAR + np.rint(step[~is_alone]), others)
    _, first, place = np.unique(group, return_index=True, return_inverse=True)
    written = np.array([number_text(value) for value in others[first].tolist()], dtype=object)
    texts[~is_alone] = written[place]
    return [str(text) for text in texts]


def _two_digits(value: float) -> str:
    digits = max(1 - math.floor(math.log10(abs(value))), 0)
    rounded = round(value, 1 - math.floor(math.log10(abs(value))))
    return f"{rounded:.{digits}f}"


def cell_texts(
    frame: pd.DataFrame, schema: Schema, *, language: str, skip: tuple[str, ...] = ()
) -> list[NDArray[np.object_]]:
    """Return the text of every cell, one array of shape (n,) for each feature.

    Parameters
    ----------
    frame : DataFrame
        Rows of persons; missing values are NaN or None.
    schema : Schema
        Words, labels and codes. Columns that no model is given are left out.
    language : str
        Language of words, labels and codes.
    skip : tuple of str, default ()
        Features that are left out.
    """
    missing = schema.wording_in(language).missing
    return [
        _column(frame[spec.name], spec, language, missing)
        for spec in text_features(schema, skip=skip)
    ]


def text_features(schema: Schema, *, skip: tuple[str, ...] = ()) -> list[Column]:
    """Return the columns that are written as text: all inputs but those in `skip`."""
    return [spec for spec in schema.inputs if spec.name not in skip]


def _column(values: pd.Series, spec: Column, language: str, missing: str) -> NDArray[np.object_]:
    codes, distinct = values.factorize(use_na_sentinel=True)
    label = spec.label_in(language)
    texts = [f" {label}: {text};" for text in _value_texts(distinct, spec, language)]
    texts.append(f" {label}: {missing};")  # code -1, the last
    column: NDArray[np.object_] = np.array(texts, dtype=object)[codes]
    return column


def _value_texts(values: Iterable[Any], spec: Column, language: str) -> list[str]:
    """Return the texts of some values of a column, without its label."""
    if spec.kind == "number":
        return number_texts(np.asarray(values, dtype=np.float64))
    if spec.is_coded:
        words = spec.words_in(language)
        return [str(words.get(value, value)) for value in values]
    if spec.kind == "date":
        return [date_text(float(value)) for value in values]
    return [str(value) for value in values]
