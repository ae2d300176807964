"""The form of an answer: what a language model is asked for, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from numbers import Integral
from operator import getitem
from typing import Annotated, Any, Literal, NamedTuple, cast

from pydantic import BaseModel, Field, ValidationError, create_model

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.prompts import Reason
from mesa_llm_city.simulation.surveys.question import Option, SurveyQuestion

__all__ = [
    "Cell",
    "answer_type",
    "cells_of",
    "empty_cells",
    "form_facts",
    "order_of",
    "reply_form",
    "said_cells",
]

_ANSWER = "answer"
_REASON = "reason"


class Cell(NamedTuple):
    """A cell of the table of answers.

    Attributes
    ----------
    item : str
        Item of a matrix, option of a multiple question, or field of a form; empty if the
        question has one answer.
    answer : object
        The number, code or words; 1 or 0 for an option of a multiple question; None if missing.
    label : str
        The words of a number or code.
    """

    item: str
    answer: Any
    label: str


def order_of(
    question: SurveyQuestion, *, seed: int, person: int, survey: str, minute: int
) -> tuple[int, ...]:
    """Return the rows of options, or of items, in the order in which a person is shown them."""
    count = len(question.items or question.options)
    if not question.shuffle:
        return tuple(range(count))
    drawn = streams.rng(seed, person, f"survey:{survey}:{question.name}", minute)
    return tuple(drawn.permutation(count).tolist())


def form_facts(question: SurveyQuestion, order: Sequence[int]) -> dict[str, object]:
    """Return what a prompt tells of the answers to choose from."""
    return {
        "question": question.text,
        "options": [one.label for one in _options(question, order)],
        "scale": _scale_in_words(question),
        "items": [f"{name}: {text}" for name, text in _items(question, order)],
    }


@lru_cache(maxsize=512)
def reply_form(question: SurveyQuestion, order: tuple[int, ...]) -> type[BaseModel]:
    """Return the pydantic model of an answer; the reason comes first.

    Parameters
    ----------
    question : SurveyQuestion
        The question.
    order : tuple of int
        See `order_of`.
    """
    if question.reply is not None:
        return question.reply
    names = [name for name, _ in _items(question, order)] or [_ANSWER]
    kind = answer_type(question, order)
    fields: dict[str, Any] = {_REASON: (Reason, ...), **dict.fromkeys(names, (kind, ...))}
    form: type[BaseModel] = create_model(f"SurveyReply{question.kind.capitalize()}", **fields)
    return form


def answer_type(question: SurveyQuestion, order: Sequence[int]) -> Any:  # noqa: ANN401 - a type
    """Return the type of one answer, as a field of a pydantic model.

    Parameters
    ----------
    question : SurveyQuestion
        The question.
    order : sequence of int
        See `order_of`.
    """
    if question.has_scale:
        return Annotated[int, Field(ge=question.low, le=question.high)]
    if question.kind == "open":
        return Annotated[str, Field(min_length=1, max_length=question.max_chars)]
    labels = tuple(one.label for one in _options(question, order))
    choice: Any = getitem(cast("Any", Literal), labels)
    if question.kind == "multiple":
        return Annotated[list[choice], Field(max_length=question.most or len(labels))]
    return choice


def said_cells(question: SurveyQuestion, reply: BaseModel) -> tuple[list[Cell], str]:
    """Return the answers in the reply of a language model, and the reason it gives."""
    values = reply.model_dump()
    reason = str(values.pop(_REASON, ""))
    if question.kind == "form":
        return list(_form_cells(values)), reason
    codes = {one.label: one.code for one in question.options}
    plain = {name: _coded(value, codes) for name, value in values.items()}
    return list(cells_of(question, plain if question.kind == "matrix" else plain[_ANSWER])), reason


def _coded(value: object, codes: Mapping[str, int | str]) -> object:
    if isinstance(value, list):
        return [codes[one] for one in value]
    return codes.get(value, value) if isinstance(value, str) else value


def cells_of(question: SurveyQuestion, value: object) -> Iterator[Cell]:
    """Yield the cells of an answer, checked.

    Parameters
    ----------
    question : SurveyQuestion
        The question.
    value : object
        A number, code or text; codes of a multiple question; a mapping by item of a matrix;
        a mapping or instance of the model of a form, or the value of its only field.

    Raises
    ------
    ConfigError
        If it is no answer to the question.
    """
    if question.kind == "form":
        yield from _form_cells(_form_values(question, value))
    elif question.kind == "matrix":
        yield from _matrix_cells(question, value)
    elif question.kind == "multiple":
        yield from _multiple_cells(question, value)
    else:
        code = _checked(question, value)
        yield Cell("", code, question.label_of(code))


def empty_cells(question: SurveyQuestion) -> Iterator[Cell]:
    """Yield the cells of an answer that is missing."""
    if question.kind == "form" and question.reply is not None:
        fields = [name for name in question.reply.model_fields if name != _REASON]
        items = fields if len(fields) > 1 else [""]
    elif question.kind == "multiple":
        items = [str(one.code) for one in question.options]
    else:
        items = [name for name, _ in question.items] or [""]
    yield from (Cell(item, None, "") for item in items)


def _matrix_cells(question: SurveyQuestion, value: object) -> Iterator[Cell]:
    names = [name for name, _ in question.items]
    if not isinstance(value, Mapping) or set(value) != set(names):
        message = f"{question.name}: give an answer to each of {', '.join(names)}, got {value!r}"
        raise ConfigError(message)
    for name in names:
        code = _checked(question, value[name])
        yield Cell(name, code, question.label_of(code))


def _multiple_cells(question: SurveyQuestion, value: object) -> Iterator[Cell]:
    given = [value] if isinstance(value, str) or not isinstance(value, Sequence) else list(value)
    codes = {_checked(question, one) for one in given}
    if len(codes) > (question.most or len(codes)):
        message = f"{question.name}: at most {question.most} options, got {value!r}"
        raise ConfigError(message)
    for one in question.options:
        yield Cell(str(one.code), int(one.code in codes), one.label)


def _form_values(question: SurveyQuestion, value: object) -> dict[str, Any]:
    reply = question.reply
    if reply is None:
        return {}
    fields = [name for name in reply.model_fields if name != _REASON]
    if not isinstance(value, BaseModel | Mapping) and len(fields) == 1:
        value = {fields[0]: value}
    given = value.model_dump() if isinstance(value, BaseModel) else value
    try:
        whole = {_REASON: "", **given} if isinstance(given, Mapping) else given
        checked = reply.model_validate(
            whole if _REASON in reply.model_fields else given
        ).model_dump()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message = f"{question.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise ConfigError(message) from None
    checked.pop(_REASON, None)
    return checked


def _form_cells(values: Mapping[str, Any]) -> Iterator[Cell]:
    alone = len(values) == 1
    for name, value in values.items():
        if name != _REASON:
            yield Cell("" if alone else name, value, "")


def _checked(question: SurveyQuestion, value: object) -> int | str:
    """Return the number, code or text of an answer by a rule, which may give a label as well."""
    if question.has_scale:
        if _is_on(question, value):
            return int(value)  # type: ignore[call-overload,no-any-return]
        wanted = f"a whole number from {question.low} to {question.high}"
    elif question.kind == "open":
        if isinstance(value, str) and value.strip():
            return value
        wanted = "words"
    else:
        for one in question.options:
            if value in (one.code, one.label):
                return one.code
        known = (f"{one.code!r} ({one.label})" for one in question.options)
        wanted = f"one of {', '.join(known)}"
    message = f"{question.name}: the answer must be {wanted}, got {value!r}"
    raise ConfigError(message)


def _is_on(question: SurveyQuestion, value: object) -> bool:
    is_whole = isinstance(value, Integral) or (isinstance(value, float) and value.is_integer())
    low, high = question.low, question.high
    if not is_whole or isinstance(value, bool) or low is None or high is None:
        return False
    return low <= int(value) <= high  # type: ignore[call-overload,no-any-return]


def _options(question: SurveyQuestion, order: Sequence[int]) -> list[Option]:
    if question.items:
        return list(question.options)
    return [question.options[row] for row in order]


def _items(question: SurveyQuestion, order: Sequence[int]) -> list[tuple[str, str]]:
    return [question.items[row] for row in order] if question.items else []


def _scale_in_words(question: SurveyQuestion) -> list[str]:
    if not question.has_scale:
        return []
    named = [f"{point}: {label}" for point, label in question.labels]
    return named or [f"{question.low}: least", f"{question.high}: most"]
