"""Recordings: the answers of a run as compressed lines of JSON, checked when they are read."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self, TypeAlias

from mesa_llm_city.core.errors import DataError, RecordingError
from mesa_llm_city.core.text_files import parse_json
from mesa_llm_city.llm.base import Address, Completion, Request

__all__ = [
    "VERSION",
    "Stored",
    "check_version",
    "noted_models",
    "read_recording",
    "write_recording",
]

VERSION = 1
"""Version of recordings and stores that this package writes and reads."""

Form: TypeAlias = bool | Literal["grammar"]
"""How the form of replies is demanded (see `ClientSpec.native_schema`)."""


class Stored(NamedTuple):
    """An answer as it is kept.

    Attributes
    ----------
    key : str
        `Request.key` of the request.
    canonical : str
        `Request.canonical` of the request.
    text, finish, prompt_tokens, cached_tokens, completion_tokens, cost_usd
        As in `Completion`.
    """

    key: str
    canonical: str
    text: str
    finish: str
    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None

    @classmethod
    def of(cls, request: Request, completion: Completion) -> Self:
        """Return what is to be kept of a request and its answer."""
        return cls(
            request.key(),
            request.canonical(),
            completion.text,
            completion.finish,
            completion.prompt_tokens,
            completion.cached_tokens,
            completion.completion_tokens,
            completion.cost_usd,
        )

    def request_parts(self) -> dict[str, Any]:
        """Return what `Request.canonical` wrote, with its address and model.

        Raises
        ------
        RecordingError
            If it is damaged.
        """
        try:
            parts = _mapping(parse_json(self.canonical))
            if len(parts["address"]) == len(Address._fields) and isinstance(parts["model"], str):
                return dict(parts)
        except (KeyError, TypeError, ValueError):
            pass
        message = f"the request of the answer {self.key[:12]} is damaged; use another recording"
        raise RecordingError(message)

    def completion(self) -> Completion:
        """Return the answer."""
        return Completion(
            text=self.text,
            finish=self.finish,
            prompt_tokens=self.prompt_tokens,
            cached_tokens=self.cached_tokens,
            completion_tokens=self.completion_tokens,
            cost_usd=self.cost_usd,
        )


def read_recording(path: Path) -> tuple[dict[str, Any], list[Stored]]:
    """Return the settings and the answers of a recording.

    Raises
    ------
    RecordingError
        If the file is no recording, has a line that is none of its own, or another version.
    """
    answers: list[Stored] = []
    row = 1
    try:
        # Read as a whole, so that damage at the end is known before anything is used.
        with gzip.open(path, "rb") as packed:
            # Answers may hold other ends of lines, such as U+2028.
            lines = packed.read().decode("utf-8").removesuffix("\n").split("\n")
        head = _mapping(parse_json(lines[0]))
        settings = _settings(head)
        for row, line in enumerate(lines[1:], start=2):  # noqa: B007 - named below
            answers.append(_stored(_mapping(parse_json(line))))
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        where = (
            ""
            if isinstance(error, OSError | EOFError | zlib.error | UnicodeError)
            else f"line {row}: "
        )
        message = (
            f"{path} is no recording of answers ({where}{_reason(error)}); "
            "give a .jsonl.gz of `export`, complete and unchanged"
        )
        raise RecordingError(message) from error
    check_version(str(path), head["version"])
    return settings, answers


def write_recording(path: Path, settings: Mapping[str, Any], answers: Sequence[Stored]) -> int:
    """Write a recording, the same bytes for the same answers, and return how many there are.

    Raises
    ------
    DataError
        If it cannot be written; a file that was there is left as it was.
    """
    rows = [json.dumps({"version": VERSION, "settings": settings}, sort_keys=True)]
    rows += [json.dumps(one._asdict(), sort_keys=True, ensure_ascii=False) for one in answers]
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            packed.write("".join(f"{row}\n" for row in rows).encode())
        partial.replace(path)
    except OSError as error:
        _remove(partial)
        message = f"the recording {path} cannot be written ({error.strerror})"
        raise DataError(message) from error
    return len(rows) - 1


def check_version(path: str, version: object) -> None:
    """Refuse a recording or store of another version.

    Raises
    ------
    RecordingError
        If the version is another one.
    """
    if version != VERSION:
        message = f"{path} is a recording of version {version}; this package reads {VERSION}"
        raise RecordingError(message)


def noted_models(path: str, settings: Mapping[str, Any]) -> dict[str, tuple[str, Form]]:
    """Return name and form of replies of each model of a recording, by route; "" is the usual one.

    Raises
    ------
    RecordingError
        If the recording names them in another form.
    """
    noted = settings.get("models", {"": ("-", True)})
    is_right = isinstance(noted, dict) and "" in noted and all(map(_is_model, noted.values()))
    if not is_right:
        message = f"{path} does not say which models it was recorded with; it is damaged"
        raise RecordingError(message)
    return {name: (model, form) for name, (model, form) in noted.items()}


def _is_model(noted: Any) -> bool:  # noqa: ANN401 - any JSON
    if not (isinstance(noted, list | tuple) and len(noted) == 2 and isinstance(noted[0], str)):
        return False
    return isinstance(noted[1], bool) or noted[1] == "grammar"


def _settings(head: Mapping[str, Any]) -> dict[str, Any]:
    head["version"]
    return dict(_mapping(head["settings"]))


def _stored(row: Mapping[str, Any]) -> Stored:
    """Return one answer, checked: a number in place of a text would fail much later."""
    one = Stored(**row)
    for name in ("key", "canonical", "text", "finish"):
        value = getattr(one, name)
        _check(name, value, is_right=isinstance(value, str) and _is_encodable(value))
    for name in ("prompt_tokens", "cached_tokens", "completion_tokens"):
        value = getattr(one, name)
        _check(name, value, is_right=value is None or (_is_whole(value) and 0 <= value < 2**63))
    value = one.cost_usd
    _check("cost_usd", value, is_right=value is None or _is_price(value))
    if sha256(one.canonical.encode()).hexdigest() != one.key:
        message = "the key is not that of its request, so one of them was changed"
        raise ValueError(message)
    return one


def _check(name: str, value: object, *, is_right: bool) -> None:
    if not is_right:
        message = f"{name} is {value!r}"
        raise ValueError(message)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_price(value: Any) -> bool:  # noqa: ANN401 - any JSON
    return (_is_whole(value) or isinstance(value, float)) and 0 <= value < 1e12 and isfinite(value)


def _mapping(content: object) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        message = f"a JSON object is expected, got {content!r:.80}"
        raise TypeError(message)
    return content


def _reason(error: BaseException) -> str:
    return f"there is no {error}" if isinstance(error, KeyError) else str(error)


def _remove(partial: Path) -> None:
    try:
        partial.unlink(missing_ok=True)
    except OSError:
        return
