"""A question of a survey: its words, and what counts as an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from pydantic import BaseModel

from mesa_llm_city.core.errors import CityError, ConfigError, DataError
from mesa_llm_city.llm.reply_schema import schema_of

__all__ = ["KINDS", "Kind", "Option", "Scale", "SurveyQuestion", "question_defects", "question_of"]

Kind: TypeAlias = Literal["scale", "single", "multiple", "open", "matrix", "form"]
"""A number on a scale, one option, several options, own words, or one of these for each of some
items; ``"form"`` is a reply that a pydantic model describes."""

Scale: TypeAlias = tuple[int, int] | Mapping[int, str] | Sequence[str]
"""Ends of a scale, words for some of its points, or the words of options from 1 on."""

KINDS: tuple[str, ...] = get_args(Kind)
"""The kinds of question."""

# A prompt tells texts of at most 500 characters and lists of at most 40 items.
_LONGEST_TEXT = 500
_LONGEST_LABEL = 120
_MOST_OPTIONS = 40
_WIDEST_SCALE = 1000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = frozenset({"reason"})


class Option(NamedTuple):
    """One of the answers to choose from.

    Attributes
    ----------
    code : int or str
        What stands in the column ``answer``.
    label : str
        Its words, which are what people are shown.
    """

    code: int | str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyQuestion:
    """A question of a survey.

    Parameters
    ----------
    name : str
        Name in tables: small letters, digits and ``_``.
    text : str
        Its words, at most 500 characters.
    kind : {"scale", "single", "multiple", "open", "matrix", "form"}
        What counts as an answer: a whole number on a scale, one option, several, own words, or a
        number or option for each of some items. ``"form"`` takes a pydantic model.
    low, high : int, optional
        Ends of the scale.
    labels : tuple of (int, str)
        Words for points of the scale.
    options : tuple of Option
        The answers to choose from.
    items : tuple of (str, str)
        Name and words of each item of a matrix.
    most : int, optional
        Greatest number of options of ``"multiple"``; all by default.
    max_chars : int, default 300
        Greatest length of an answer in own words.
    shuffle : bool, default False
        Whether options, or the items of a matrix, are shown to each person in another order,
        which depends on the seed, the person, the survey and the minute alone.
    reply : type of pydantic.BaseModel, optional
        Form of the answer, for ``"form"``.

    Raises
    ------
    DataError
        Lists all that is wrong with it.

    Examples
    --------
    >>> ladder = SurveyQuestion(name="ladder", text="Where do you stand?", kind="scale",
    ...                         low=0, high=10, labels=((0, "worst"), (10, "best")))
    >>> ladder.label_of(10), ladder.label_of(5)
    ('best', '')
    """

    name: str
    text: str
    kind: Kind
    low: int | None = None
    high: int | None = None
    labels: tuple[tuple[int, str], ...] = ()
    options: tuple[Option, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    max_chars: int = 300
    shuffle: bool = False
    reply: type[BaseModel] | None = None

    def __post_init__(self) -> None:
        """Check that it can be asked."""
        if defects := list(question_defects(self)):
            source = f"the question {self.name!r}"
            raise DataError.listing(source, defects)

    @property
    def has_scale(self) -> bool:
        """Whether answers are numbers on a scale."""
        return self.low is not None and self.high is not None

    def label_of(self, code: object) -> str:
        """Return the words of an option, or of a point of the scale; empty if it has none."""
        words: dict[object, str] = {**dict(self.labels), **dict(self.options)}
        return words.get(code, "")


def question_of(
    text: str,
    *,
    name: str,
    reply: type[BaseModel] | None = None,
    scale: Scale | None = None,
) -> SurveyQuestion:
    """Return the question with these words.

    Parameters
    ----------
    text : str
        Its words.
    name : str
        Its name in tables.
    reply : type of pydantic.BaseModel, optional
        Form of the answer.
    scale : tuple of int, mapping or sequence of str, optional
        Ends of a scale, words for points of a scale by number, or the words of options. With
        neither, people answer in their own words.

    Raises
    ------
    ConfigError
        If `scale` is none, or there is a `reply` as well.
    DataError
        Lists all that is wrong with the question.

    Examples
    --------
    >>> question_of("How are you?", name="mood", scale={1: "bad", 5: "good"}).high
    5
    >>> question_of("Do you drive?", name="car", scale=["yes", "no"]).options[1]
    Option(code=2, label='no')
    """
    if reply is not None and scale is not None:
        message = "reply and scale exclude each other; give one of them"
        raise ConfigError(message)
    if reply is not None:
        return SurveyQuestion(name=name, text=text, kind="form", reply=reply)
    if scale is None:
        return SurveyQuestion(name=name, text=text, kind="open")
    return SurveyQuestion(name=name, text=text, **_of_scale(scale))


def _of_scale(scale: Scale) -> dict[str, Any]:
    if isinstance(scale, Mapping) and scale and all(map(_is_whole, scale)):
        points = sorted((int(point), str(label)) for point, label in scale.items())
        return {
            "kind": "scale", "low": points[0][0], "high": points[-1][0], "labels": tuple(points)
        }  # fmt: skip
    if not isinstance(scale, str | Mapping) and isinstance(scale, Sequence):
        if all(isinstance(one, str) for one in scale) and scale:
            options = tuple(Option(code, str(one)) for code, one in enumerate(scale, start=1))
            return {"kind": "single", "options": options}
        if len(scale) == 2 and all(map(_is_whole, scale)):
            return {"kind": "scale", "low": scale[0], "high": scale[1]}
    message = (
        f"scale must be two whole numbers such as (0, 10), words by number such as "
        f"{{1: 'bad', 5: 'good'}}, or a list of words, got {scale!r}"
    )
    raise ConfigError(message)


def question_defects(question: SurveyQuestion) -> Iterator[str]:
    """Yield all that is wrong with a question, a line each."""
    if not _NAME.fullmatch(question.name) or question.name in _RESERVED:
        yield f"name must be small letters, digits and _, from a letter on, got {question.name!r}"
    if not str(question.text).strip():
        yield "text must hold at least one word"
    elif len(question.text) > _LONGEST_TEXT:
        yield f"text must have at most {_LONGEST_TEXT} characters, got {len(question.text)}"
    if question.kind not in KINDS:
        yield f"kind must be one of {', '.join(KINDS)}, got {question.kind!r}"
        return
    yield from _answer_defects(question)


def _answer_defects(question: SurveyQuestion) -> Iterator[str]:
    kind, has_options = question.kind, bool(question.options)
    takes_scale, takes_options = kind in {"scale", "matrix"}, kind in {
        "single", "multiple", "matrix"
    }  # fmt: skip
    if takes_scale and takes_options and question.has_scale == has_options:
        yield "a matrix needs either a scale or options"
    elif takes_scale and not takes_options and not question.has_scale:
        yield "a scale needs both ends, such as scale = [0, 10]"
    elif takes_options and not takes_scale and not has_options:
        yield f"{kind} needs options"
    if (question.has_scale or question.labels) and not takes_scale:
        yield f"{kind} has no scale"
    if has_options and not takes_options:
        yield f"{kind} has no options"
    yield from _scale_defects(question)
    yield from _option_defects(question)
    yield from _item_defects(question)
    yield from _other_defects(question)


def _scale_defects(question: SurveyQuestion) -> Iterator[str]:
    low, high = question.low, question.high
    if low is None or high is None:
        return
    if not (_is_whole(low) and _is_whole(high) and 0 < high - low <= _WIDEST_SCALE):
        yield f"the ends of a scale must be rising whole numbers, got {low!r} and {high!r}"
        return
    outside = [point for point, _ in question.labels if not low <= point <= high]
    if outside:
        yield f"labels outside the scale from {low} to {high}: {', '.join(map(str, outside))}"
    yield from _too_long("label", [label for _, label in question.labels])


def _option_defects(question: SurveyQuestion) -> Iterator[str]:
    options = question.options
    if not options:
        return
    if not 2 <= len(options) <= _MOST_OPTIONS:
        yield f"there must be from 2 to {_MOST_OPTIONS} options, got {len(options)}"
    codes = [str(one.code) for one in options]
    for what, values in (("code", codes), ("label", _labels(options))):
        if twice := sorted({one for one in values if values.count(one) > 1}):
            yield f"two options have the same {what}: {', '.join(twice)}"
    yield from _too_long("label", _labels(options))


def _item_defects(question: SurveyQuestion) -> Iterator[str]:
    names = [name for name, _ in question.items]
    if (question.kind == "matrix") != bool(names):
        yield "a matrix needs items, and no other kind has them"
    if len(names) > _MOST_OPTIONS or len(set(names)) < len(names):
        yield f"items must be at most {_MOST_OPTIONS}, each name once"
    for name in names:
        if not _NAME.fullmatch(name) or name in _RESERVED:
            yield f"item {name!r}: names are small letters, digits and _, and not 'reason'"
    yield from _too_long("item", [text for _, text in question.items])


def _other_defects(question: SurveyQuestion) -> Iterator[str]:
    most = question.most
    if most is not None and not (
        question.kind == "multiple" and _is_whole(most) and 1 <= most <= len(question.options)
    ):
        yield f"most must be a number of options of a multiple question, got {most!r}"
    if not _is_whole(question.max_chars) or not 1 <= question.max_chars <= 4 * _LONGEST_TEXT:
        yield f"max_chars must be from 1 to {4 * _LONGEST_TEXT}, got {question.max_chars!r}"
    if question.shuffle and not (question.options or question.items):
        yield "shuffle needs options or items"
    if question.kind == "form":
        yield from _form_defects(question.reply)
    elif question.reply is not None:
        yield f"{question.kind} has no reply of its own"


def _form_defects(reply: object) -> Iterator[str]:
    if not (isinstance(reply, type) and issubclass(reply, BaseModel)):
        yield f"reply must be a pydantic model, got {reply!r}"
        return
    if not set(reply.model_fields) - _RESERVED:
        yield f"{reply.__name__} has no field but the reason"
    try:
        schema_of(reply)
    except CityError as error:
        yield error.message


def _too_long(what: str, texts: Sequence[str]) -> Iterator[str]:
    wrong = [one for one in texts if not 1 <= len(one.strip()) <= _LONGEST_LABEL]
    if wrong:
        yield f"each {what} must have from 1 to {_LONGEST_LABEL} characters, got {wrong[0]!r:.60}"


def _labels(options: Sequence[Option]) -> list[str]:
    return [one.label for one in options]


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
