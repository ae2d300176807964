"""Verbalisation of survey rows: a person as text, in English or Chinese, long or compact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.feature import FeatureSpec
from mesa_llm_city.migration.survey.schema import Schema

__all__ = ["Verbalisation", "full_number", "short_number"]

_CHOICES = {"language": ("en", "zh"), "style": ("paper", "compact")}
_MISSING = {"en": "missing", "zh": "缺失"}
_ABSENT = "?"  # in the compact style

_TASK = {
    "en": (
        "You study why people who left the countryside to work in a city go home. You are given "
        "what a survey knows of one such person. A returnee is someone who has gone back to the "
        "rural place of origin to live or work there; the others stay away. Tell whether this "
        "person is a returnee, by the single word Yes or No.\n\nThe person:\n"
    ),
    "zh": (
        "你研究离开农村进城工作的人为什么回乡。下面是一项调查对其中一个人的记录。"
        "返乡者指已经回到农村老家生活或工作的人,其余的人仍在外地。"
        "请判断此人是否返乡者,只用一个词回答: 是或否。\n\n此人情况:\n"
    ),
}
_QUESTION = {
    "en": "\nIs this person a returnee? Answer Yes or No.\nAnswer:",
    "zh": "\n此人是返乡者吗? 请回答是或否。\n回答:",
}
_SHORT_QUESTION = {"en": ". Returnee?", "zh": "。返乡?"}
_STOP = {"en": ".\n", "zh": "。\n"}
_COLON = {"en": ": ", "zh": ": "}
_UNITS_ZH = {"years": "", "RMB": "元"}  # years of age and of school have different words


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
    language : {"en", "zh"}, default "en"
        Language of labels and sentences.
    style : {"paper", "compact"}, default "paper"
        "paper" has the task, one line for each feature with its label, and the question (as
        RMS-Agent, sec. 4.1, in other words); "compact" has the values only, in the order of
        the schema, and a question of one word.

    Raises
    ------
    ConfigError
        If an option has another value.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.schema import FeatureSpec, Schema
    >>> age = FeatureSpec(name="age", kind="numeric", label="Age", unit="years")
    >>> work = FeatureSpec(name="work", kind="categorical", label="Work", codes={1: "has work"})
    >>> schema = Schema(features=(age, work), target="returnee", positive="returnee")
    >>> Verbalisation(style="compact").text_of({"age": 35.0, "work": None}, schema)
    '35, ?. Returnee?'
    >>> print(Verbalisation().profile_of({"age": 35.0, "work": None}, schema))
    Age: 35 years.
    Work: missing.
    """

    language: Literal["en", "zh"] = "en"
    style: Literal["paper", "compact"] = "paper"

    def __post_init__(self) -> None:
        """Check both options."""
        for name, accepted in _CHOICES.items():
            if getattr(self, name) not in accepted:
                given = getattr(self, name)
                message = f"{name} must be one of {', '.join(accepted)}, got {given!r}"
                raise ConfigError(message)

    def text_of(self, row: Mapping[Any, Any], schema: Schema) -> str:
        """Return the text of a person, with task and question.

        Parameters
        ----------
        row : mapping of str to value
            Values by feature; None, NaN and absent keys are missing.
        schema : Schema
            Labels, codes and order of features; identifiers are left out.
        """
        profile = self.profile_of(row, schema)
        if self.style == "compact":
            return profile + _SHORT_QUESTION[self.language]
        return _TASK[self.language] + profile + _QUESTION[self.language]

    def profile_of(self, row: Mapping[Any, Any], schema: Schema) -> str:
        """Return the text of a person, without task and question."""
        specs = [spec for spec in schema.features if spec.kind != "id"]
        values = [self.value_of(row.get(spec.name), spec) for spec in specs]
        if self.style == "compact":
            return ", ".join(values)
        labels = [spec.label_in(self.language) for spec in specs]
        colon, stop = _COLON[self.language], _STOP[self.language]
        lines = [f"{label}{colon}{value}" for label, value in zip(labels, values, strict=True)]
        return stop.join([*lines, ""]).rstrip("\n")

    def value_of(self, value: object, spec: FeatureSpec) -> str:
        """Return one value as text."""
        if _is_missing(value):
            return _ABSENT if self.style == "compact" else _MISSING[self.language]
        if spec.kind == "numeric":
            return self._number(float(str(value)), spec)
        if spec.kind == "categorical":
            return self._level(float(str(value)), spec)
        return str(value)

    def _level(self, code: float, spec: FeatureSpec) -> str:
        words = spec.codes_in(self.language)
        return words[int(code)] if code in words else full_number(code)

    def _number(self, value: float, spec: FeatureSpec) -> str:
        if self.style == "compact":
            return short_number(value)
        if self.language == "zh":
            return full_number(value) + _UNITS_ZH.get(spec.unit, spec.unit)
        return f"{full_number(value)} {spec.unit}".rstrip()


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
