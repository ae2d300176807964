"""Coding of open answers: a second question sorts them into categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import getitem
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeAlias, cast

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import Backend, Thought, ask, run_all
from mesa_llm_city.core.errors import ConfigError, LLMError, RecordingError
from mesa_llm_city.prompts import Reason

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Categories", "code_answers"]

_PROMPT = "survey_category"
_MOST_CATEGORIES = 40
_REASON_LENGTH = 200

Categories: TypeAlias = Sequence[str] | Mapping[str, str]
"""Names of categories, or what belongs to each by its name."""


class _Coded(NamedTuple):
    """The categories of an answer; None if they are missing."""

    categories: tuple[str, ...] | None
    reason: str


def code_answers(
    answers: pd.DataFrame,
    column: str,
    categories: Categories,
    llm: Backend,
    *,
    asked: str = "",
    most: int = 1,
) -> pd.DataFrame:
    """Sort answers in people's own words into categories, by asking a language model.

    Equal answers are asked about once. The category is that of the model; read some by hand and
    report how often you agree.

    Parameters
    ----------
    answers : pandas.DataFrame
        Any table with the answers.
    column : str
        Column of the answers; empty and missing cells have no category.
    categories : sequence of str or mapping of str to str
        Names of the categories, or what belongs to each by name.
    llm : Backend
        Language model, such as an `LLM`; it is paid for as it is asked.
    asked : str, optional
        The question that was answered.
    most : int, default 1
        Greatest number of categories of an answer.

    Returns
    -------
    pandas.DataFrame
        A copy with the columns ``{column}_category`` and ``{column}_category_reason``. With `most`
        above 1 there is a column ``{column}_{name}`` of 1 and 0 for each category instead of the
        first. A missing category is NaN, and the reason says why; the category is empty text if
        none fits.

    Raises
    ------
    ConfigError
        If there is no such column, or categories are none.

    Examples
    --------
    >>> import pandas as pd
    >>> from mesa_llm_city.llm import LLM, ClientSpec
    >>> said = pd.DataFrame({"answer": ["More trees.", None]})
    >>> script = lambda request: '{"reason": "trees", "categories": ["green"]}'
    >>> llm = LLM(ClientSpec(backend="scripted", model="-", script=script))
    >>> code_answers(said, "answer", ["green", "transport"], llm)["answer_category"].tolist()
    ['green', nan]
    """
    named = _named(categories)
    _check(answers, column, named, most)
    texts = [one if isinstance(one, str) and one.strip() else None for one in answers[column]]
    unique = list(dict.fromkeys(one for one in texts if one is not None))
    thoughts = [
        Thought(_sort(text, asked, named, most), person=row) for row, text in enumerate(unique)
    ]
    found = dict(zip(unique, run_all(thoughts, backend=llm), strict=True))
    coded = [_Coded(None, "no answer") if one is None else found[one] for one in texts]
    return answers.assign(**_columns(column, named, coded, most))


async def _sort(text: str, asked: str, named: Mapping[str, str], most: int) -> _Coded:
    """Ask which categories an answer belongs to."""
    listed = [f"{name}: {words}" if words else name for name, words in named.items()]
    form = _form(tuple(named), most)
    try:
        reply: Any = await ask(_PROMPT, form, asked=asked, said=text, categories=listed, most=most)
    except (LLMError, RecordingError) as error:
        return _Coded(None, error.message.partition("\n")[0][:_REASON_LENGTH])
    return _Coded(tuple(dict.fromkeys(reply.categories)), reply.reason)


@lru_cache(maxsize=64)
def _form(names: tuple[str, ...], most: int) -> type[BaseModel]:
    name: Any = getitem(cast("Any", Literal), names)
    several: Any = Annotated[list[name], Field(max_length=most)]
    form: type[BaseModel] = create_model(
        "CategoryReply", reason=(Reason, ...), categories=(several, ...)
    )
    return form


def _columns(
    column: str, named: Mapping[str, str], coded: Sequence[_Coded], most: int
) -> dict[str, list[Any]]:
    nan = float("nan")
    kept = [one.categories for one in coded]
    if most == 1:
        first = [nan if some is None else next(iter(some), "") for some in kept]
        columns: dict[str, list[Any]] = {f"{column}_category": first}
    else:
        columns = {
            f"{column}_{name}": [nan if some is None else float(name in some) for some in kept]
            for name in named
        }
    return columns | {f"{column}_category_reason": [one.reason for one in coded]}


def _named(categories: Categories) -> dict[str, str]:
    if isinstance(categories, Mapping):
        return {str(name): str(words) for name, words in categories.items()}
    return {} if isinstance(categories, str) else dict.fromkeys(map(str, categories), "")


def _check(answers: pd.DataFrame, column: str, named: Mapping[str, str], most: int) -> None:
    if column not in answers:
        message = f"there is no column {column!r}; there are {', '.join(map(str, answers))}"
        raise ConfigError(message)
    if not 2 <= len(named) <= _MOST_CATEGORIES or not all(name.strip() for name in named):
        message = f"categories must be from 2 to {_MOST_CATEGORIES} names, got {list(named)}"
        raise ConfigError(message)
    if not 1 <= most <= len(named):
        message = f"most must be from 1 to {len(named)}, got {most}"
        raise ConfigError(message)
