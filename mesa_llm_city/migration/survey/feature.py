"""A column of a survey: name, kind of values, labels and codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from mesa_llm_city.core.errors import ConfigError

__all__ = ["FeatureSpec", "Kind"]

Kind = Literal["numeric", "categorical", "text", "id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureSpec:
    """A column of a survey.

    Parameters
    ----------
    name : str
        Name of the column.
    kind : {"numeric", "categorical", "text", "id"}
        Numbers; codes of named categories; text; or identifiers and records of the
        interview, which no model is given.
    label : str
        Description of the column in English.
    label_zh : str, default ""
        The same in Chinese; if empty, `label` is used.
    codes : mapping of int to str
        Meaning of each code in English; for categorical columns only.
    codes_zh : mapping of int to str
        The same in Chinese; codes without an entry use the English text.
    unit : str, default ""
        Unit of a number, such as ``"years"``.
    money : bool, default False
        Whether it is an amount of money. Amounts may have any size and sign, so models use
        their signed logarithm.
    least, most : float, optional
        Range of a number, both included; cells outside it are defects of a table. They do not
        belong to the fingerprint of a schema, since they change the meaning of no value.

    Raises
    ------
    ConfigError
        If the kind is unknown, a name or label is empty, codes and kind do not fit, or a value
        is of another type.

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
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        """Check the column and list all defects."""
        if wrong := [*self._of_wrong_type()]:
            message = f"feature {self.name!r}: {'; '.join(wrong)}"
            raise ConfigError(message)
        wrong = [f"{what} is empty" for what in ("name", "label") if not getattr(self, what)]
        if self.kind not in get_args(Kind):
            wrong.append(f"kind must be one of {', '.join(get_args(Kind))}, got {self.kind!r}")
        if bool(self.codes) != (self.kind == "categorical"):
            wrong.append("categorical columns, and no others, need codes")
        if unknown := sorted(set(self.codes_zh) - set(self.codes)):
            wrong.append(f"codes_zh names {unknown}, which are not among the codes")
        if self.money and self.kind != "numeric":
            wrong.append("only numeric columns can be money")
        if self.kind != "numeric" and (self.least, self.most) != (None, None):
            wrong.append("only numeric columns have a range")
        if wrong:
            message = f"feature {self.name!r}: {'; '.join(wrong)}"
            raise ConfigError(message)

    def _of_wrong_type(self) -> Iterator[str]:
        """Yield what is of another type, as a file that was changed by hand may have it."""
        for name in ("name", "kind", "label", "label_zh", "unit"):
            value: object = getattr(self, name)
            if not isinstance(value, str):
                yield f"{name} must be a text, got {value!r}"
        for name in ("codes", "codes_zh"):
            texts = getattr(self, name)
            if not isinstance(texts, Mapping) or not all(
                isinstance(t, str) for t in texts.values()
            ):
                yield f"{name} must give a text for each code, got {texts!r}"
        if not isinstance(self.money, bool):
            yield f"money must be true or false, got {self.money!r}"
        for name in ("least", "most"):
            value = getattr(self, name)
            if value is not None and (
                isinstance(value, bool) or not isinstance(value, int | float)
            ):
                yield f"{name} must be a number, got {value!r}"

    def label_in(self, language: str) -> str:
        """Return the label in ``"en"`` or ``"zh"``."""
        return (self.label_zh or self.label) if language == "zh" else self.label

    def codes_in(self, language: str) -> dict[int, str]:
        """Return the meaning of each code in ``"en"`` or ``"zh"``."""
        return {**self.codes, **(self.codes_zh if language == "zh" else {})}

    def to_json(self) -> dict[str, Any]:
        """Return the column as values for JSON; codes become text."""
        content = asdict(self)
        for name in ("codes", "codes_zh"):
            content[name] = {str(code): text for code, text in content[name].items()}
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the column that `to_json` wrote.

        Raises
        ------
        ConfigError
            If a key is unknown or missing, or a value is not accepted.
        """
        if not isinstance(content, Mapping):
            message = f"a feature must be a table of its properties, got {content!r}"
            raise ConfigError(message)
        known = {one.name for one in fields(cls)}
        if unknown := sorted(set(content) - known):
            message = f"a feature has {', '.join(sorted(known))}, but not {', '.join(unknown)}"
            raise ConfigError(message)
        if missing := sorted({"name", "kind", "label"} - set(content)):
            message = f"the feature {content.get('name', '')!r} has no {', '.join(missing)}"
            raise ConfigError(message)
        codes = {name: _whole(content.get(name, {}), name) for name in ("codes", "codes_zh")}
        return cls(**{**content, **codes})


def _whole(codes: Mapping[str, str], name: str) -> dict[int, str]:
    try:
        return {int(code): text for code, text in codes.items()}
    except (AttributeError, ValueError) as fault:
        message = f"{name} must be whole numbers with a text each, got {codes!r}"
        raise ConfigError(message) from fault
