"""The columns of a survey table: features, label and household."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.chfs_columns import CHFS_FEATURES, CHFS_INTERVIEW, TRAJECTORY
from mesa_llm_city.migration.survey.feature import FeatureSpec

__all__ = ["FeatureSpec", "Schema", "chfs"]

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns of a survey table, in order.

    Parameters
    ----------
    features : tuple of FeatureSpec
        Columns that describe a person.
    target : str
        Name of the column of the label, 0 or 1.
    positive : str
        Meaning of label 1, in one word.
    group : str or None, default None
        Name of the column of the household; None if there is none.

    Raises
    ------
    ConfigError
        If there is no feature, a name occurs twice, or the label is a feature.

    Examples
    --------
    >>> schema = chfs()
    >>> len(schema.names), schema.names[:3], schema["age"].unit
    (22, ('gender', 'age', 'education'), 'years')
    >>> Schema.from_json(schema.to_json()) == schema
    True
    """

    features: tuple[FeatureSpec, ...]
    target: str
    positive: str
    group: str | None = None

    def __post_init__(self) -> None:
        """Check that all columns have different names."""
        object.__setattr__(self, "features", tuple(self.features))
        wrong = [
            f"{name} occurs {count} times"
            for name, count in Counter(self.names).items()
            if count > 1
        ]
        if not self.features:
            wrong.append("it has no feature")
        if self.target in self.names:
            wrong.append(f"the label {self.target} is a feature too")
        if self.group == self.target:
            wrong.append(f"{self.target} is both label and household")
        if wrong:
            message = f"the schema cannot be used: {'; '.join(wrong)}"
            raise ConfigError(message)

    def __getitem__(self, name: str) -> FeatureSpec:
        """Return the feature of that name."""
        for spec in self.features:
            if spec.name == name:
                return spec
        message = f"the schema has no feature {name!r}; it has {', '.join(self.names)}"
        raise ConfigError(message)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        return tuple(spec.name for spec in self.features)

    def of_kind(self, *kinds: str) -> tuple[FeatureSpec, ...]:
        """Return the features of these kinds, in order."""
        return tuple(spec for spec in self.features if spec.kind in kinds)

    def to_json(self) -> dict[str, Any]:
        """Return the schema as values for JSON."""
        return {
            "format": _FORMAT,
            "features": [spec.to_json() for spec in self.features],
            "target": self.target,
            "positive": self.positive,
            "group": self.group,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the schema that `to_json` wrote.

        Raises
        ------
        ConfigError
            If a key is missing, or a value is not accepted.
        """
        if not isinstance(content, Mapping):
            message = f"a schema must be a table of its properties, got {content!r:.80}"
            raise ConfigError(message)
        if missing := [name for name in ("features", "target", "positive") if name not in content]:
            message = f"the schema has no {', '.join(missing)}; write it with Schema.to_json"
            raise ConfigError(message)
        if content.get("format", _FORMAT) != _FORMAT:
            message = f"the schema is of format {content['format']}; this version reads {_FORMAT}"
            raise ConfigError(message)
        _check_types(content)
        return cls(
            features=tuple(FeatureSpec.from_json(one) for one in content["features"]),
            target=content["target"],
            positive=content["positive"],
            group=content.get("group"),
        )

    def hash(self) -> str:
        """Return the SHA-256 of the schema in JSON without ranges, 64 hexadecimal digits."""
        content = self.to_json()
        for one in content["features"]:
            del one["least"], one["most"]
        text = json.dumps(content, sort_keys=True, ensure_ascii=True)
        return sha256(text.encode()).hexdigest()


def _check_types(content: Mapping[str, Any]) -> None:
    wrong = [
        f"{name} must be a text, got {content[name]!r}"
        for name in ("target", "positive")
        if not isinstance(content[name], str) or not content[name]
    ]
    if not isinstance(content.get("group"), str | None):
        wrong.append(f"group must be a text or null, got {content['group']!r}")
    if not isinstance(content["features"], list | tuple):
        wrong.append(f"features must be a list, got {content['features']!r:.80}")
    if wrong:
        message = f"the schema cannot be used: {'; '.join(wrong)}"
        raise ConfigError(message)


def chfs(*, interview: bool = False, trajectory: bool = False) -> Schema:
    """Return the schema of return migration in the China Household Finance Survey.

    Parameters
    ----------
    interview : bool, default False
        Whether to include line number, follow-up and head of the household as identifiers:
        no model is given them, but `leakage_report` examines them.
    trajectory : bool, default False
        Whether to include the provinces in which a person has lived as a text feature
        ``trajectory`` (RMS-Agent, sec. 5.3.7), such as ``"Sichuan > Guangdong > Sichuan"``.

    Returns
    -------
    Schema
        The 22 features of RMS-Agent, sec. 4.1; label ``returnee``, household ``hhid``.
    """
    features = CHFS_FEATURES + (TRAJECTORY,) * trajectory + CHFS_INTERVIEW * interview
    return Schema(features=features, target="returnee", positive="returnee", group="hhid")
