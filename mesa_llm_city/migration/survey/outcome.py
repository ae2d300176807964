"""The outcome of a survey, and the words in which a language model is asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self, get_args

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean

__all__ = ["Outcome", "Window", "Wording"]

Window = Literal["stock", "flow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a survey says has happened to a person.

    Parameters
    ----------
    name : str
        Name of the column of the label.
    positive : int or str
        The value that is predicted, label 1.
    codes : mapping of int or str to str
        Meaning of every value, two or more. With more than two, all but `positive` are label
        0, and a model of several outcomes can be trained.
    missing : tuple of int, float or str
        Values that mean that the outcome is unknown; such rows are left out and counted.
    window : {"stock", "flow"}, default "stock"
        Whether the label says what has been up to the interview, or what happens during a
        period.
    years : float, optional
        Length of the period of a flow, in years.

    Raises
    ------
    ConfigError
        If the properties do not fit each other.

    Examples
    --------
    >>> union = Outcome(name="union", positive="yes", codes={"no": "no member", "yes": "member"})
    >>> union.word, union.is_binary
    ('member', True)
    """

    name: str
    positive: int | str
    codes: Mapping[int | str, str] = field(hash=False)
    missing: tuple[int | float | str, ...] = ()
    window: Window = "stock"
    years: float | None = None

    def __post_init__(self) -> None:
        """Check that the properties fit each other, and list all defects."""
        name: object = self.name
        wrong = [] if isinstance(name, str) and name else [f"{name!r} is no name"]
        if len(self.codes) < 2:
            wrong.append(f"codes must give two values or more, got {dict(self.codes)!r}")
        if self.positive not in self.codes:
            wrong.append(f"positive is {self.positive!r}, which is not among the codes")
        if both := [code for code in self.missing if code in self.codes]:
            wrong.append(f"{both} are both codes and missing")
        if self.window not in get_args(Window):
            wrong.append(f"window must be stock or flow, got {self.window!r}")
        if (self.window == "flow") != (self.years is not None):
            wrong.append("a flow, and only a flow, needs years, the length of its period")
        if self.years is not None and not self.years > 0.0:
            wrong.append(f"years must be positive, got {self.years!r}")
        if wrong:
            message = f"the outcome {self.name!r} cannot be used: {'; '.join(wrong)}"
            raise ConfigError(message)

    @property
    def word(self) -> str:
        """Meaning of label 1."""
        return self.codes[self.positive]

    @property
    def is_binary(self) -> bool:
        """Whether it has two values."""
        return len(self.codes) == 2

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as values for JSON."""
        content: dict[str, Any] = {
            "name": self.name,
            "positive": self.positive,
            "codes": {str(code): text for code, text in self.codes.items()},
            "window": self.window,
        }
        content |= {"missing": list(self.missing)} if self.missing else {}
        content |= {} if self.years is None else {"years": self.years}
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the outcome that `to_json` wrote.

        Raises
        ------
        ConfigError
            If a key is unknown or missing, or a value is not accepted.
        """
        _check_keys("the outcome", content, cls, {"name", "positive", "codes"})
        codes = content["codes"]
        if not isinstance(codes, Mapping) or not all(isinstance(t, str) for t in codes.values()):
            message = f"codes of the outcome must give a text for each value, got {codes!r:.80}"
            raise ConfigError(message)
        is_whole = isinstance(content["positive"], int)
        missing = content.get("missing", ())
        if not isinstance(missing, list | tuple):
            message = f"missing of the outcome must be a list, got {missing!r:.80}"
            raise ConfigError(message)
        years = content.get("years")
        if years is not None and (isinstance(years, bool) or not isinstance(years, int | float)):
            message = f"years of the outcome must be a number, got {years!r}"
            raise ConfigError(message)
        try:
            read = {int(c) if is_whole else str(c): text for c, text in codes.items()}
        except ValueError as fault:
            message = f"positive is a whole number, but codes are {', '.join(map(str, codes))}"
            raise ConfigError(message) from fault
        return cls(**{**content, "codes": read, "missing": tuple(missing)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Words in one language in which a language model is asked about the outcome of a person.

    Parameters
    ----------
    task : str
        What the reader has to know and do, before the profile of the person.
    question : str
        A question that `yes` or `no` answers, such as ``"Is this person a member?"``.
    short : str, default ""
        The question in a word, for the compact style; by default `question`.
    opening : str, default ""
        Text before the values where there is no task; by default question and `profile`.
    closing : str, default ""
        Text after the values that asks for the answer; by default `short` and `reply`.
    person, profile, instruction, reply : str
        Heading of the profile in the long and the short form, the instruction how to answer,
        and the heading of the answer. Other languages than English need their own.
    yes, no : str
        The two answers.
    missing : str, default "missing"
        The word for a missing value.
    colon, stop : str
        Marks after the label and after the value of a column.

    Raises
    ------
    ConfigError
        If task or question is empty, or both answers are the same.
    """

    task: str
    question: str
    short: str = ""
    opening: str = ""
    closing: str = ""
    person: str = "The person:"
    profile: str = "Profile:"
    instruction: str = "Answer Yes or No."
    reply: str = "Answer:"
    yes: str = "Yes"
    no: str = "No"
    missing: str = "missing"
    colon: str = ": "
    stop: str = "."

    def __post_init__(self) -> None:
        """Check that everything needed is there."""
        wrong = [
            f"{one.name} must be a text, got {getattr(self, one.name)!r}"
            for one in fields(self)
            if not isinstance(getattr(self, one.name), str)
        ]
        wrong += [f"{name} is empty" for name in ("task", "question") if not getattr(self, name)]
        if self.yes == self.no:
            wrong.append(f"yes and no are both {self.yes!r}")
        if wrong:
            message = f"the wording cannot be used: {'; '.join(wrong)}"
            raise ConfigError(message)

    @property
    def brief(self) -> str:
        """The question in a word, or in full if there is no shorter one."""
        return self.short or self.question

    @property
    def first_words(self) -> str:
        """Text before the values where there is no task."""
        return self.opening or f"{self.question} {self.profile}"

    @property
    def last_words(self) -> str:
        """Text after the values that asks for the answer."""
        return self.closing or f"\n{self.brief} {self.reply}"

    def to_json(self) -> dict[str, str]:
        """Return the words for JSON, without those that have their default."""
        defaults = {one.name: one.default for one in fields(self)}
        return {name: text for name, text in asdict(self).items() if text != defaults[name]}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the wording that `to_json` wrote.

        Raises
        ------
        ConfigError
            If a key is unknown or missing, or a value is no text.
        """
        _check_keys("the wording", content, cls, {"task", "question"})
        return cls(**content)


def _check_keys(what: str, content: object, kind: type, needed: set[str]) -> None:
    if not isinstance(content, Mapping):
        message = f"{what} must be a table of its properties, got {content!r:.80}"
        raise ConfigError(message)
    known = {one.name for one in fields(kind)}
    if unknown := sorted(map(str, set(content) - known)):
        hint = did_you_mean(unknown[0], known)
        message = (
            f"{what} has no {', '.join(unknown)}{hint}; accepted are {', '.join(sorted(known))}"
        )
        raise ConfigError(message)
    if missing := sorted(needed - set(content)):
        message = f"{what} needs {', '.join(missing)}"
        raise ConfigError(message)
