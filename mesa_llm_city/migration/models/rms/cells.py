"""Cells of a table as text, such as "Marital status: married;", with rounded numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.migration.survey.verbalisation import date_text

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.migration.survey.column import Column
    from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["cell_texts", "number_text", "rounded_to_octaves", "text_features"]

_EXACT_BELOW = 100


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
    label, text_of = spec.label_in(language), _text_function(spec, language)
    texts = [f" {label}: {text_of(value)};" for value in distinct]
    texts.append(f" {label}: {missing};")  # code -1, the last
    column: NDArray[np.object_] = np.array(texts, dtype=object)[codes]
    return column


def _text_function(spec: Column, language: str) -> Callable[[Any], str]:
    """Return the function that writes a value of a column as text."""
    if spec.kind == "number":
        return lambda value: number_text(float(value))
    if spec.is_coded:
        words = spec.words_in(language)
        return lambda value: str(words.get(value, value))
    if spec.kind == "date":
        return lambda value: date_text(float(value))
    return str
