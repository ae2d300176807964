"""One column of a survey: what it is called, what kind of values it has, what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from mesa_llm_city.core.errors import ConfigError

__all__ = ["FeatureSpec", "Kind"]

Kind = Literal["numeric", "categorical", "text", "id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureSpec:
    """One column of a survey.

    Parameters
    ----------
    name : str
        Of the column.
    kind : {"numeric", "categorical", "text", "id"}
        Numbers; codes of named levels; words; or identifiers and notes of the
        interview, which no model is given.
    label : str
        What the column tells, in English.
    label_zh : str, default ""
        The same in Chinese; `label` stands in for it if empty.
    codes : mapping of int to str
        Meaning of each code, in English; of categorical columns only.
    codes_zh : mapping of int to str
        The same in Chinese; a code without stands in English.
    unit : str, default ""
        Of numbers, such as ``"years"``.
    money : bool, default False
        Whether it is an amount of money: of any size and sign, so that a model
        should see its signed logarithm.

    Raises
    ------
    ConfigError
        If the kind is unknown, a name or label is empty, or codes and kind do not fit.

    Examples
    --------
    >>> spec = FeatureSpec(
    ...     name="work", kind="categorical", label="Work", codes={0: "none", 1: "some"}
    ... )
    >>> spec.codes[1]
    'some'
    """

    name: str
    kind: Kind
    label: str
    label_zh: str = ""
    codes: Mapping[int, str] = field(default_factory=dict, hash=False)
    codes_zh: Mapping[int, str] = field(default_factory=dict, hash=False)
    unit: str = ""
    money: bool = False

    def __post_init__(self) -> None:
        """Check the column at birth, and name all that is wrong."""
        wrong = [f"{what} is empty" for what in ("name", "label") if not getattr(self, what)]
        if self.kind not in get_args(Kind):
            wrong.append(f"kind must be one of {', '.join(get_args(Kind))}, got {self.kind!r}")
        if bool(self.codes) != (self.kind == "categorical"):
            wrong.append("categorical columns, and no others, need codes")
        if strange := sorted(set(self.codes_zh) - set(self.codes)):
            wrong.append(f"codes_zh names {strange}, which are not among the codes")
        if self.money and self.kind != "numeric":
            wrong.append("only numeric columns can be money")
        if wrong:
            message = f"feature {self.name!r}: {'; '.join(wrong)}"
            raise ConfigError(message)

    def label_in(self, language: str) -> str:
        """Return the label in ``"en"`` or ``"zh"``."""
        return (self.label_zh or self.label) if language == "zh" else self.label

    def codes_in(self, language: str) -> dict[int, str]:
        """Return the meaning of each code in ``"en"`` or ``"zh"``."""
        return {**self.codes, **(self.codes_zh if language == "zh" else {})}

    def to_json(self) -> dict[str, Any]:
        """Return the column for JSON, whose keys are texts."""
        told = asdict(self)
        for name in ("codes", "codes_zh"):
            told[name] = {str(code): words for code, words in told[name].items()}
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Build from `to_json`.

        Raises
        ------
        ConfigError
            If a key is unknown or wanting, or a value is not accepted.
        """
        known = {one.name for one in fields(cls)}
        if strange := sorted(set(told) - known):
            message = f"a feature has {', '.join(sorted(known))}, but not {', '.join(strange)}"
            raise ConfigError(message)
        if wanting := sorted({"name", "kind", "label"} - set(told)):
            message = f"the feature {told.get('name', '')!r} lacks {', '.join(wanting)}"
            raise ConfigError(message)
        codes = {name: _whole(told.get(name, {}), name) for name in ("codes", "codes_zh")}
        return cls(**{**told, **codes})


def _whole(told: Mapping[str, str], name: str) -> dict[int, str]:
    try:
        return {int(code): words for code, words in told.items()}
    except ValueError as fault:
        message = f"{name} must be whole numbers, got {', '.join(told)}"
        raise ConfigError(message) from fault
