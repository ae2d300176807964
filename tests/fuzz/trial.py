"""One try: spoil valid input, use it, and judge what came of it."""

from __future__ import annotations

import re
import shutil
import traceback
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

from mesa_llm_city.core.errors import CityError

_LONGEST = 8000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Family:
    """A kind of input.

    Parameters
    ----------
    name : str
        Name of the kind.
    make : callable
        Writes valid input to a folder.
    spoil : callable
        Spoils the input in a folder, and says how.
    use : callable
        Reads the input as a user does, and yields what is doubtful about the result.
    """

    name: str
    make: Callable[[Path], None]
    spoil: Callable[[Path, Random], str]
    use: Callable[[Path], Iterable[str]]


class Outcome(NamedTuple):
    """What came of one try; a doubtful one is accepted, or refused, in the wrong way."""

    kind: Literal["accepted", "refused", "doubtful", "traceback"]
    how: str
    what: str = ""


def tried(family: Family, valid: Path, home: Path, random: Random) -> Outcome:
    """Spoil a copy of valid input in `home`, and use it."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(valid, home)
    how = family.spoil(home, random)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            doubts = list(family.use(home))
        except CityError as error:
            doubts = list(_doubts_of(error))
            kind: Literal["accepted", "refused"] = "refused"
            said = str(error)
        except Exception:  # noqa: BLE001 - whatever escapes is what is looked for
            return Outcome("traceback", how, traceback.format_exc())
        else:
            kind, said = "accepted", ""
    doubts += [f"warning of a library: {one.message}" for one in warned if _is_foreign(one)]
    return Outcome("doubtful", how, f"{doubts} {said}") if doubts else Outcome(kind, how, said)


def _doubts_of(error: CityError) -> Iterable[str]:
    text = str(error)
    if not text.strip():
        yield "an empty message"
    if len(text) > _LONGEST:
        yield f"a message of {len(text)} letters"
    if found := _CONTROL.search(text):
        yield f"a message with the control character {found[0]!r}"


def _is_foreign(warned: warnings.WarningMessage) -> bool:
    return "mesa_llm_city" not in warned.filename and not issubclass(
        warned.category, DeprecationWarning | ResourceWarning
    )
