"""The schema of a survey: its columns, its outcome, and the words to ask about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.migration.survey.column import FEATURES, Column
from mesa_llm_city.migration.survey.outcome import Outcome, Wording

__all__ = ["Schema"]

_FORMAT = 2
_KEYS = ("format", "outcome", "columns", "wording")
_SINGLE = ("group", "weight", "period")
# What changes neither the values that a model is given nor what they mean.
_NO_MEANING = ("least", "most", "expected", "lever", "note", "translations", "missing", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The description of a survey.

    Parameters
    ----------
    columns : tuple of Column
        Columns of the file, in order; columns of the file that are not listed are ignored.
    outcome : Outcome
        What is predicted.
    wording : mapping of str to Wording
        Words to ask about the outcome, by code of the language, such as ``"en"``. Language
        models refuse a schema without words in their language.

    Raises
    ------
    ConfigError
        If there is no column that models may be given, a name occurs twice, the outcome is a
        column too, or there are two columns of group, weight or period.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.shipped import chfs
    >>> schema = chfs()
    >>> len(schema.names), schema.names[:3], schema["age"].unit
    (22, ('gender', 'age', 'education'), 'years')
    >>> Schema.from_json(schema.to_json()) == schema
    True
    """

    columns: tuple[Column, ...]
    outcome: Outcome
    wording: Mapping[str, Wording] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Check that all columns have different names."""
        object.__setattr__(self, "columns", tuple(self.columns))
        names = [column.name for column in self.columns]
        wrong = [
            f"{name} occurs {count} times" for name, count in Counter(names).items() if count > 1
        ]
        if not self.inputs:
            wrong.append("it has no column that a model may be given")
        if self.target in names:
            wrong.append(f"the outcome {self.target} is a column too; leave it out of the columns")
        for kind in _SINGLE:
            same = [column.name for column in self.columns if column.kind == kind]
            if len(same) > 1:
                wrong.append(f"{' and '.join(same)} are both of kind {kind}; only one may be")
        if wrong:
            message = f"the schema cannot be used: {'; '.join(wrong)}"
            raise ConfigError(message)

    def __getitem__(self, name: str) -> Column:
        """Return the column of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        known = [column.name for column in self.columns]
        message = (
            f"the schema has no column {name!r}{did_you_mean(name, known)}; "
            f"it has {', '.join(known)}"
        )
        raise ConfigError(message)

    @property
    def features(self) -> tuple[Column, ...]:
        """Columns that describe a person, in order; identifiers included."""
        return tuple(column for column in self.columns if column.kind in FEATURES)

    @property
    def inputs(self) -> tuple[Column, ...]:
        """Columns that models may be given, in order."""
        return tuple(column for column in self.columns if column.is_input)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        return tuple(column.name for column in self.features)

    @property
    def target(self) -> str:
        """Name of the column of the outcome."""
        return self.outcome.name

    @property
    def positive(self) -> str:
        """Meaning of label 1."""
        return self.outcome.word

    @property
    def group(self) -> str | None:
        """Name of the column of the household or another cluster; None if there is none."""
        return self._single("group")

    @property
    def group_word(self) -> str:
        """What rows of one group are of, in English: ``"household"``, or the label of the column.

        Examples
        --------
        >>> from mesa_llm_city.migration.survey.shipped import read_schema
        >>> read_schema("union_membership").group_word
        'person'
        """
        name = self.group
        label = "" if name is None else next(one.label for one in self.columns if one.name == name)
        return label.lower() or "household"

    @property
    def weight(self) -> str | None:
        """Name of the column of the weight; None if there is none."""
        return self._single("weight")

    @property
    def period(self) -> str | None:
        """Name of the column of the survey wave or year; None if there is none."""
        return self._single("period")

    def of_kind(self, *kinds: str) -> tuple[Column, ...]:
        """Return the columns of these kinds, in order."""
        return tuple(column for column in self.columns if column.kind in kinds)

    def wording_in(self, language: str) -> Wording:
        """Return the words in a language.

        Raises
        ------
        ConfigError
            If there are none.
        """
        if language in self.wording:
            return self.wording[language]
        known = f"; it has {', '.join(self.wording)}" if self.wording else ""
        message = (
            f"the schema has no wording in {language!r}{known}, so no language model can be asked "
            f"about {self.target}; add a task and a question to the schema as wording.{language}"
        )
        raise ConfigError(message)

    def to_json(self) -> dict[str, Any]:
        """Return the schema as values for JSON."""
        return {
            "format": _FORMAT,
            "outcome": self.outcome.to_json(),
            "columns": [column.to_json() for column in self.columns],
            "wording": {language: words.to_json() for language, words in self.wording.items()},
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the schema that `to_json` wrote, now or in format 1.

        Raises
        ------
        ConfigError
            If a key is unknown or missing, or a value is not accepted.
        """
        if not isinstance(content, Mapping):
            message = f"a schema must be a table of its properties, got {content!r:.80}"
            raise ConfigError(message)
        if content.get("format", _FORMAT) == 1:
            content = _of_format_1(content)
        _check_keys(content)
        columns, wording = content["columns"], content.get("wording", {})
        if not isinstance(columns, list | tuple) or not isinstance(wording, Mapping):
            message = "columns of a schema must be a list, and wording a table by language"
            raise ConfigError(message)
        return cls(
            columns=tuple(Column.from_json(one) for one in columns),
            outcome=Outcome.from_json(content["outcome"]),
            wording={name: Wording.from_json(words) for name, words in wording.items()},
        )

    def hash(self) -> str:
        """Return the SHA-256 of all that gives values their meaning, 64 hexadecimal digits.

        Ranges, missing codes, notes, translations, weight and period do not belong to it, so
        that a model can read a table whose schema has been completed.
        """
        columns = [
            {key: value for key, value in column.to_json().items() if key not in _NO_MEANING}
            for column in self.features
        ]
        outcome = {key: self.outcome.to_json()[key] for key in ("name", "positive", "codes")}
        content = {"columns": columns, "outcome": outcome, "group": self.group}
        text = json.dumps(content, sort_keys=True, ensure_ascii=True)
        return sha256(text.encode()).hexdigest()

    def _single(self, kind: str) -> str | None:
        return next((column.name for column in self.columns if column.kind == kind), None)


def _check_keys(content: Mapping[str, Any]) -> None:
    if missing := [name for name in ("outcome", "columns") if name not in content]:
        message = (
            f"the schema has no {' and no '.join(missing)}; "
            "draft one from a table with `migration schema`"
        )
        raise ConfigError(message)
    if unknown := sorted(map(str, set(content) - set(_KEYS))):
        hint = did_you_mean(unknown[0], _KEYS)
        message = f"a schema has {', '.join(_KEYS)}, but not {', '.join(unknown)}{hint}"
        raise ConfigError(message)
    if content.get("format", _FORMAT) != _FORMAT:
        message = f"the schema is of format {content['format']}; this version reads 1 and {_FORMAT}"
        raise ConfigError(message)


def _of_format_1(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema of version 1, whose label was 0 or 1, and which asked about returnees."""
    from mesa_llm_city.migration.survey.chfs_columns import CHFS_WORDING

    if missing := [name for name in ("features", "target", "positive") if name not in content]:
        message = f"the schema of format 1 has no {', '.join(missing)}"
        raise ConfigError(message)
    positive, group, features = (content.get(key) for key in ("positive", "group", "features"))
    if not isinstance(positive, str) or not positive or not isinstance(features, list | tuple):
        message = f"the schema of format 1 needs a text as positive, got {positive!r:.80}"
        raise ConfigError(message)
    cluster = [] if group is None else [{"name": group, "kind": "group", "label": "Household"}]
    codes = {"0": f"not {positive}", "1": positive}
    return {
        "outcome": {"name": content["target"], "positive": 1, "codes": codes},
        "columns": [*features, *cluster],
        "wording": {language: words.to_json() for language, words in CHFS_WORDING.items()},
    }
