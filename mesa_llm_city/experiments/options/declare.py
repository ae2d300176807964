"""How an option of a run is declared: its type, its range, its help, and what it accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, NoReturn, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from mesa_llm_city.core.dates import as_date
from mesa_llm_city.core.text_files import is_file, is_folder
from mesa_llm_city.experiments.options.defects import OptionDefect

__all__ = [
    "Day",
    "ExistingFile",
    "ExistingFolder",
    "ExistingMap",
    "NewPath",
    "Number",
    "OptionGroup",
    "Switch",
    "Text",
    "Whole",
    "Words",
    "number",
    "option",
    "path",
    "refuse",
    "switch",
    "whole",
]

_WHOLE_BELOW = 2**64
_LONGEST_NAME = 200
_SHOWN = 80


class OptionGroup(BaseModel):
    """Options that belong together; the command line shows them under `title`.

    All values may be given as text, as the command line has them.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, protected_namespaces=()
    )

    title: ClassVar[str] = ""

    @classmethod
    def conflicts(cls, given: Mapping[str, Any]) -> Iterator[OptionDefect]:
        """Yield what does not fit together among the options given; none by default."""
        del given
        yield from ()


def refuse(message: str) -> NoReturn:
    """Refuse a value from within a validator, with a message that is shown unchanged."""
    # Braces in the message itself would be read as places to fill in.
    kind, template = "option", "{message}"
    raise PydanticCustomError(kind, template, {"message": message})


def option(
    default: Any,  # noqa: ANN401 - a field of any type
    description: str,
    *,
    accepts: str = "",
    metavar: str = "",
    shown: str = "",
    is_path: bool = False,
    ge: float | None = None,
    lt: float | None = None,
) -> Any:  # noqa: ANN401 - a field of any type
    """Declare an option.

    Parameters
    ----------
    default : object
        Its default; None stands for "not given".
    description : str
        What it is, for the help of the command line.
    accepts : str, optional
        What it accepts, in words that follow "must be"; by default the choices of a `Literal`.
    metavar : str, optional
        What stands for its value in the help.
    shown : str, optional
        How the help shows the default; by default its value.
    is_path : bool, default False
        Whether relative values in a file start from the folder of that file.
    ge, lt : float, optional
        Least value, and the value below which it has to be.
    """
    about: JsonDict = {"accepts": accepts, "metavar": metavar, "shown": shown, "is_path": is_path}
    return Field(default, description=description, ge=ge, lt=lt, json_schema_extra=about)


def whole(
    default: int | None,
    description: str,
    *,
    least: int,
    below: int = _WHOLE_BELOW,
    metavar: str = "N",
    shown: str = "",
) -> Any:  # noqa: ANN401 - a field
    """Declare a whole number from `least` to what fits into 64 bits, or is below `below`."""
    accepts = f"a whole number of at least {least}"
    return option(
        default,
        description,
        accepts=accepts,
        metavar=metavar,
        shown=shown,
        ge=least,
        lt=below,
    )


def number(
    default: float | None, description: str, *, least: float, metavar: str, shown: str = ""
) -> Any:  # noqa: ANN401 - a field
    """Declare a finite number of at least `least`."""
    accepts = f"a number of at least {least:g}"
    return option(default, description, accepts=accepts, metavar=metavar, shown=shown, ge=least)


def path(
    description: str, *, metavar: str = "FILE", shown: str = "", default: tuple[()] | None = None
) -> Any:  # noqa: ANN401 - a field
    """Declare a file, files or a folder."""
    what = "folder" if metavar == "DIR" else "file"
    accepts = f"the path of a {what}"
    return option(default, description, accepts=accepts, metavar=metavar, shown=shown, is_path=True)


def switch(description: str) -> Any:  # noqa: ANN401 - a field
    """Declare an option that is true or false, and false by default."""
    return option(default=False, description=description, accepts="true or false")


def _no_switch(value: object) -> object:
    if isinstance(value, bool):
        message = "true and false are no numbers"
        raise ValueError(message)  # noqa: TRY004 - pydantic expects it of a validator
    return value


def _possible_path(value: Path) -> Path:
    """Refuse a path that no disk takes, or that cannot be written into a manifest."""
    try:
        str(value).encode()
        value.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except UnicodeEncodeError:
        refuse(f"must be a path in UTF-8, got {str(value)!a}")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        refuse(f"must be a path of this system, got {str(value)[:_SHOWN]!r} ({reason})")
    return value


def _new_path(value: Path) -> Path:
    # Names of files beside it are longer.
    if len(value.name.encode()) > _LONGEST_NAME:
        refuse(f"must have a name of at most {_LONGEST_NAME} bytes, got {value.name[:_SHOWN]!r}...")
    return value


def _existing_file(value: Path) -> Path:
    if not is_file(value):
        refuse(_no_file(value))
    return value


def _no_file(value: Path) -> str:
    """Say why there is no file at a path."""
    if is_folder(value):
        return f"{value} is a folder; give the file in it"
    if re.match(r"(https?|ftp|s3|gs):/", str(value)):
        return "addresses are not read; download the file, and give its path"
    return f"there is no file {value}; check the path"


def _existing_map(value: Path) -> Path:
    # Late, since the room of the city loads NumPy, which the help does without.
    from mesa_llm_city.city.loading.formats import split_layer

    file = split_layer(value)[0]
    if file == Path():
        refuse("must be the path of a file, got a blank or this folder")
    if not is_file(file) and not is_folder(file):
        refuse(_no_file(file))
    return value


def _existing_folder(value: Path) -> Path:
    if not is_folder(value):
        refuse(f"there is no folder {value}; check the path")
    return value


def _day(value: object) -> object:
    # Pydantic would take numbers for seconds since 1970, and leave out times of day.
    return as_date(value, "the date", midnight=True)


def _words(value: object) -> object:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


Whole: TypeAlias = Annotated[int, BeforeValidator(_no_switch)]
Number: TypeAlias = Annotated[float, BeforeValidator(_no_switch)]
Switch: TypeAlias = Annotated[bool, Strict()]
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Words: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_words)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
PossiblePath: TypeAlias = Annotated[Path, AfterValidator(_possible_path)]
NewPath: TypeAlias = Annotated[PossiblePath, AfterValidator(_new_path)]
ExistingFile: TypeAlias = Annotated[PossiblePath, AfterValidator(_existing_file)]
ExistingMap: TypeAlias = Annotated[PossiblePath, AfterValidator(_existing_map)]
ExistingFolder: TypeAlias = Annotated[PossiblePath, AfterValidator(_existing_folder)]
