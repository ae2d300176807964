"""A column of a survey: kind of values, label, codes, missing codes and its part in a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal, Self, get_args

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean

__all__ = ["FEATURES", "Column", "Kind", "Translation"]

Kind = Literal["number", "ordered", "category", "text", "date", "id", "group", "weight", "period"]

FEATURES: tuple[Kind, ...] = ("number", "ordered", "category", "text", "date", "id")
"""Kinds that describe a person; the others describe the sample."""

_CODED = ("ordered", "category")
_TEXTS = ("name", "kind", "label", "unit", "note")
_SIGNS = (-1, 0, 1)
# Of format 1, which had names of its own for two kinds.
_EARLIER: Mapping[str, Kind] = MappingProxyType({"numeric": "number", "categorical": "category"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Words of a column in another language than English.

    Parameters
    ----------
    label : str
        Description of the column.
    codes : mapping of code to str
        Meaning of each code; codes without an entry keep the English text.
    unit : str, optional
        Unit of a number; by default the English one.
    """

    label: str
    codes: Mapping[int | str, str] = field(default_factory=dict, hash=False)
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a survey.

    Parameters
    ----------
    name : str
        Name of the column in the file.
    kind : str
        ``"number"``; ``"ordered"`` and ``"category"``: codes with and without an order;
        ``"text"``; ``"date"``, as ISO 8601; ``"id"``: an identifier or a record of the
        interview, which no model is given; ``"group"``: the household or another cluster;
        ``"weight"`` of the sample; ``"period"``: the survey wave or year.
    label : str
        Description in English, in a few words.
    unit : str, default ""
        Unit of a number, such as ``"years"``.
    codes : mapping of int or str to str
        Meaning of each code, either all whole numbers or all texts; for ordered columns from
        low to high. Ordered and category columns need them.
    missing : tuple of int, float or str
        Codes that mean "missing", such as 999 or ``"refused"``; blank cells always do.
    other : int or str, optional
        The code that replaces codes which are not listed; by default they are defects.
    expected : {-1, 0, 1}, default 0
        Expected sign of the effect on the outcome; 0 if there is no expectation.
    lever : bool, default False
        Whether a policy may change the value.
    after_outcome : bool, default False
        Whether it was measured after the outcome. No model is given such a column.
    money : bool, default False
        Whether it is an amount of money. Amounts may have any size and sign, so models use
        their signed logarithm.
    least, most : float, optional
        Range of a number, both included; cells outside are defects.
    note : str, default ""
        What to check; for readers of the schema.
    translations : mapping of str to Translation
        Words in other languages, by code of the language such as ``"zh"``.

    Raises
    ------
    ConfigError
        If the properties do not fit each other, or a value is of another type; all defects
        are listed.

    Examples
    --------
    >>> work = Column(name="work", kind="category", label="Work", codes={0: "none", 1: "some"})
    >>> work.words_in("en")
    {0: 'none', 1: 'some'}
    >>> Column(name="married", kind="category", label="Married",
    ...        codes={"no": "no", "yes": "yes"}).levels
    (0, 1)
    """

    name: str
    kind: Kind
    label: str
    unit: str = ""
    codes: Mapping[int | str, str] = field(default_factory=dict, hash=False)
    missing: tuple[int | float | str, ...] = ()
    other: int | str | None = None
    expected: int = 0
    lever: bool = False
    after_outcome: bool = False
    money: bool = False
    least: float | None = None
    most: float | None = None
    note: str = ""
    translations: Mapping[str, Translation] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Check the column and list all defects."""
        wrong = [*_of_wrong_type(self)]
        wrong = wrong or [*_of_codes(self), *_of_part(self)]
        if wrong:
            message = f"column {self.name!r}: {'; '.join(wrong)}"
            raise ConfigError(message)

    @property
    def is_number(self) -> bool:
        """Whether models are given it as one number: numbers, dates and ordered codes."""
        return self.kind in {"number", "ordered", "date"}

    @property
    def is_coded(self) -> bool:
        """Whether its values are codes with a meaning."""
        return self.kind in _CODED

    @property
    def is_input(self) -> bool:
        """Whether models may be given it."""
        return self.kind in FEATURES and self.kind != "id" and not self.after_outcome

    @property
    def levels(self) -> tuple[int, ...]:
        """Number of each code in a table: the code, or its position if codes are texts."""
        if all(isinstance(code, int) for code in self.codes):
            return tuple(int(code) for code in self.codes)
        return tuple(range(len(self.codes)))

    def code_of(self, level: float) -> int | str:
        """Return the code that a number in a table stands for."""
        return dict(zip(self.levels, self.codes, strict=True))[int(level)]

    def label_in(self, language: str) -> str:
        """Return the label in a language; in English if it is not translated."""
        there = self.translations.get(language)
        return there.label if there else self.label

    def unit_in(self, language: str) -> str:
        """Return the unit in a language; in English if it is not translated."""
        there = self.translations.get(language)
        return self.unit if there is None or there.unit is None else there.unit

    def words_in(self, language: str) -> dict[int, str]:
        """Return the meaning of each level in a language; in English if not translated."""
        there = self.translations.get(language)
        words = {**self.codes, **(there.codes if there else {})}
        return {level: words[code] for level, code in zip(self.levels, self.codes, strict=True)}

    def to_json(self) -> dict[str, Any]:
        """Return the column as values for JSON, without properties that have their default."""
        content = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name not in {"codes", "missing", "translations"}
            and getattr(self, one.name) != one.default
        }
        if self.codes:
            content["codes"] = _for_json(self.codes)
        if self.missing:
            content["missing"] = list(self.missing)
        if self.translations:
            content["translations"] = {
                language: {**asdict(words), "codes": _for_json(words.codes)}
                for language, words in self.translations.items()
            }
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the column that `to_json` wrote, now or in format 1.

        Raises
        ------
        ConfigError
            If a key is unknown or missing, or a value is not accepted.
        """
        if not isinstance(content, Mapping):
            message = f"a column must be a table of its properties, got {content!r:.80}"
            raise ConfigError(message)
        given = _of_this_format(content)
        known = {one.name for one in fields(cls)}
        if unknown := sorted(set(given) - known):
            hint = did_you_mean(unknown[0], known)
            message = (
                f"the column {given.get('name', '')!r} has the unknown "
                f"{'keys' if len(unknown) > 1 else 'key'} {', '.join(unknown)}{hint}; "
                f"accepted are {', '.join(sorted(known))}"
            )
            raise ConfigError(message)
        if missing := sorted({"name", "kind", "label"} - set(given)):
            message = f"the column {given.get('name', '')!r} has no {', '.join(missing)}"
            raise ConfigError(message)
        return cls(
            **{
                **given,
                "codes": _codes(given.get("codes", {})),
                "missing": _listed(given.get("missing", ())),
                "translations": _translations(given.get("translations", {})),
            }
        )


def _of_codes(column: Column) -> Iterator[str]:
    """Yield what does not fit together in kind, codes and missing codes."""
    codes = column.codes
    if column.kind not in get_args(Kind):
        yield f"kind must be one of {', '.join(get_args(Kind))}, got {column.kind!r}"
    if bool(codes) != column.is_coded:
        yield "ordered and category columns, and no others, need codes"
    if len({type(code) for code in codes}) > 1:
        yield "codes must be either all whole numbers or all texts"
    elif column.kind == "ordered" and list(column.levels) != sorted(column.levels):
        yield "codes of an ordered column must increase"
    for language, words in column.translations.items():
        if unknown := [code for code in words.codes if code not in codes]:
            yield f"translations of {language} name {unknown}, which are not among the codes"
    if column.other is not None and column.other not in codes:
        yield f"other is {column.other!r}, which is not among the codes"
    if both := [code for code in column.missing if code in codes]:
        yield f"{both} are both codes and missing"


def _of_part(column: Column) -> Iterator[str]:
    """Yield what does not fit together in words, ranges and the part in a model."""
    yield from (f"{what} is empty" for what in ("name", "label") if not getattr(column, what))
    if column.money and column.kind != "number":
        yield "only numbers can be money"
    if column.kind != "number" and (column.least, column.most) != (None, None):
        yield "only numbers have a range"
    if column.expected not in _SIGNS:
        yield f"expected must be -1, 0 or 1, got {column.expected!r}"
    if not column.is_input and (column.expected or column.lever):
        yield "only columns that models are given have an expected sign or are levers"


def _of_wrong_type(column: Column) -> Iterator[str]:
    """Yield what is of another type, as a file that was changed by hand may have it."""
    for name in _TEXTS:
        value: object = getattr(column, name)
        if not isinstance(value, str):
            yield f"{name} must be a text, got {value!r}"
    for name in ("money", "lever", "after_outcome"):
        value = getattr(column, name)
        if not isinstance(value, bool):
            yield f"{name} must be true or false, got {value!r}"
    for name in ("least", "most"):
        value = getattr(column, name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            yield f"{name} must be a number, got {value!r}"
    if isinstance(column.expected, bool) or not isinstance(column.expected, int):
        yield f"expected must be -1, 0 or 1, got {column.expected!r}"
    for code in column.missing:
        if isinstance(code, bool) or not isinstance(code, int | float | str):
            yield f"missing must be numbers or texts, got {code!r}"


def _for_json(codes: Mapping[int | str, str]) -> dict[str, str]:
    return {str(code): text for code, text in codes.items()}


def _codes(given: object) -> dict[int | str, str]:
    """Return codes as whole numbers if all are, and otherwise as texts."""
    if not isinstance(given, Mapping) or not all(isinstance(one, str) for one in given.values()):
        message = f"codes must give a text for each code, got {given!r:.80}"
        raise ConfigError(message)
    try:
        return {int(code): text for code, text in given.items()}
    except (ValueError, TypeError):
        return {str(code): text for code, text in given.items()}


def _listed(given: object) -> tuple[Any, ...]:
    if not isinstance(given, list | tuple):
        message = f"missing must be a list of codes, such as [999], got {given!r:.80}"
        raise ConfigError(message)
    return tuple(given)


def _translations(given: object) -> dict[str, Translation]:
    if not isinstance(given, Mapping):
        message = f"translations must be a table by language, got {given!r:.80}"
        raise ConfigError(message)
    return {str(language): _translation(words) for language, words in given.items()}


def _translation(given: object) -> Translation:
    known = {one.name for one in fields(Translation)}
    if not isinstance(given, Mapping) or "label" not in given or set(given) - known:
        message = f"a translation has {', '.join(sorted(known))}, got {given!r:.80}"
        raise ConfigError(message)
    label, unit = given["label"], given.get("unit")
    if not isinstance(label, str) or not isinstance(unit, str | None):
        message = f"label and unit of a translation must be texts, got {given!r:.80}"
        raise ConfigError(message)
    return Translation(label=label, codes=_codes(given.get("codes", {})), unit=unit)


def _of_this_format(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a column of format 1, with kinds of other names and Chinese words only."""
    given = dict(content)
    label, codes = given.pop("label_zh", ""), given.pop("codes_zh", {})
    kind = given.get("kind")
    given["kind"] = _EARLIER.get(kind, kind) if isinstance(kind, str) else kind
    if label or codes:
        unit = {"RMB": "元", "years": ""}.get(given.get("unit", ""))
        words = {"label": label or given.get("label"), "codes": codes, "unit": unit}
        given["translations"] = {"zh": words}
    return {key: value for key, value in given.items() if key != "kind" or value is not None}
