"""Verbalisation of survey rows: a person as text, in any language, long or compact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.outcome import Wording
from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["Verbalisation", "date_text", "full_number", "short_number"]

_STYLES = ("paper", "compact")
_ABSENT = "?"  # in the compact style


def full_number(value: float) -> str:
    """Return a number with at most two decimals, and none if it is whole.

    Examples
    --------
    >>> [full_number(value) for value in (35.0, 59999.98, -0.001)]
    ['35', '59999.98', '0']
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def short_number(value: float) -> str:
    """Return a number with two significant digits; k, m and b for thousands, millions, billions.

    Examples
    --------
    >>> [short_number(value) for value in (35.0, 783_700.0, -1_500.0, 2.1e9, 99_900.0)]
    ['35', '780k', '-1.5k', '2.1b', '100k']
    """
    if value == 0.0:
        return "0"
    rounded = round(value, 1 - math.floor(math.log10(abs(value))))
    for size, suffix in ((1e9, "b"), (1e6, "m"), (1e3, "k")):
        if abs(rounded) >= size:
            return f"{rounded / size:.3g}{suffix}"
    return f"{rounded:.3g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbalisation:
    """How a survey row is written as text.

    Parameters
    ----------
    language : str, default "en"
        Code of the language of labels and sentences, which the schema must have.
    style : {"paper", "compact"}, default "paper"
        "paper" has the task, one line for each feature with its label, and the question (as
        RMS-Agent, sec. 4.1, in the words of the schema); "compact" has the values only, in
        the order of the schema, and the short question.

    Raises
    ------
    ConfigError
        If an option has another value.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import shipped_schema
    >>> schema = shipped_schema("health_insurance")
    >>> row = {"fml": 1.0, "age": 35.0, "hlth": 4.0, "inc": 41_679.0}
    >>> Verbalisation(style="compact").text_of(row, schema)
    'female, very good, ?, 35, ?, ?, ?, 42k. Insured?'
    >>> print(Verbalisation().profile_of(row, schema))
    Sex: female.
    Health: very good.
    Ethnic group: missing.
    Age: 35 years.
    Schooling: missing.
    Family size: missing.
    Employed: missing.
    Household income: 41679 USD.
    """

    language: str = "en"
    style: Literal["paper", "compact"] = "paper"

    def __post_init__(self) -> None:
        """Check the style; whether there is such a language, the schema tells."""
        if self.style not in _STYLES:
            message = f"style must be one of {', '.join(_STYLES)}, got {self.style!r}"
            raise ConfigError(message)

    def text_of(self, row: Mapping[Any, Any], schema: Schema) -> str:
        """Return the text of a person, with task and question.

        Parameters
        ----------
        row : mapping of str to value
            Values by feature; None, NaN and absent keys are missing.
        schema : Schema
            Words, labels, codes and order of columns; those that no model is given are left
            out.

        Raises
        ------
        ConfigError
            If the schema has no words in the language.
        """
        words, profile = schema.wording_in(self.language), self.profile_of(row, schema)
        if self.style == "compact":
            # A full-width stop has its space within.
            gap = " " if words.stop.isascii() else ""
            return f"{profile}{words.stop}{gap}{words.brief}"
        return (
            f"{words.task}\n\n{words.person}\n{profile}\n"
            f"{words.question} {words.instruction}\n{words.reply}"
        )

    def profile_of(self, row: Mapping[Any, Any], schema: Schema) -> str:
        """Return the text of a person, without task and question."""
        words = schema.wording_in(self.language)
        values = [self.value_of(row.get(spec.name), spec, words) for spec in schema.inputs]
        if self.style == "compact":
            return ", ".join(values)
        labels = [spec.label_in(self.language) for spec in schema.inputs]
        lines = [
            f"{label}{words.colon}{value}{words.stop}"
            for label, value in zip(labels, values, strict=True)
        ]
        return "\n".join(lines)

    def value_of(self, value: object, spec: Column, words: Wording) -> str:
        """Return one value as text."""
        if _is_missing(value):
            return _ABSENT if self.style == "compact" else words.missing
        if spec.kind == "number":
            return self._number(float(str(value)), spec)
        if spec.is_coded:
            return self._level(float(str(value)), spec)
        if spec.kind == "date":
            return date_text(float(str(value)))
        return str(value)

    def _level(self, code: float, spec: Column) -> str:
        words = spec.words_in(self.language)
        return words[int(code)] if code in words else full_number(code)

    def _number(self, value: float, spec: Column) -> str:
        if self.style == "compact":
            return short_number(value)
        unit = spec.unit_in(self.language)
        # In scripts without spaces the unit follows at once.
        gap = " " if unit.isascii() else ""
        return f"{full_number(value)}{gap}{unit}".rstrip()


def date_text(days: float) -> str:
    """Return a number of days since 1970 as a date.

    Examples
    --------
    >>> date_text(16_647.0)
    '2015-07-31'
    """
    return (date(1970, 1, 1) + timedelta(days=int(days))).isoformat()


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
