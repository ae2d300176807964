"""All errors of the package, as one tree.

::

    CityError
    ├── ConfigError   (ValueError)    an option outside its range
    ├── DataError     (ValueError)    an input file or table with defects, all of them listed
    ├── ChoiceError   (ValueError)    a choice without alternatives
    ├── ThinkingError (RuntimeError)  a thought that cannot go on
    ├── LLMError      (RuntimeError)  a language model did not answer as it should
    │   ├── LLMUnavailableError       no answer: refused, timed out, overloaded
    │   ├── LLMReplyError             an answer that cannot be used
    │   └── LLMBudgetError            a limit of money, calls or tokens is reached
    └── RecordingError (LookupError)  a recording lacks the answer to a question

Each error is built on a built-in base, can be pickled, and carries the person,
minute and purpose it belongs to where there is one. A message says what is
wrong, the value seen, what is accepted and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self

from mesa_llm_city.core.secrets import redact

__all__ = [
    "ChoiceError",
    "CityError",
    "ConfigError",
    "DataError",
    "LLMBudgetError",
    "LLMError",
    "LLMReplyError",
    "LLMUnavailableError",
    "RecordingError",
    "ThinkingError",
]

# Control characters and lone surrogates: the first can change a terminal, the second cannot be
# printed. Marks that reverse the direction of writing are among them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ENDLESS = re.compile(r"\S{600,}")
_KEPT = 200


class CityError(Exception):
    """Base of all errors of the package.

    Whatever a file or a server has put into a message is made printable: control characters
    are written as escapes, and words of 600 characters or more are cut.

    Parameters
    ----------
    message : str
        What is wrong, the value seen, what is accepted, what to do. Keys and passwords in it
        are hidden.
    person : int, optional
        Id of the person that it concerns.
    minute : int, optional
        Simulated time in minutes since the start of the run.
    purpose : str, optional
        What the person was doing or deciding.

    Examples
    --------
    >>> print(CityError("no place is open", person=3, purpose="meal"))
    no place is open (person 3, meal)
    """

    def __init__(
        self,
        message: str,
        *,
        person: int | None = None,
        minute: int | None = None,
        purpose: str | None = None,
    ) -> None:
        message = _printable(redact(message))
        super().__init__(message)
        self.message = message
        self.person = person
        self.minute = minute
        self.purpose = purpose

    def __str__(self) -> str:
        """Return the message, followed by person, minute and purpose."""
        where = [
            f"person {self.person}" if self.person is not None else "",
            f"minute {self.minute}" if self.minute is not None else "",
            self.purpose or "",
        ]
        context = ", ".join(part for part in where if part)
        return f"{self.message} ({context})" if context else self.message

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by message and attributes, whatever the subclass takes."""
        return (type(self).__new__, (type(self), self.message), self.__dict__)


def _printable(message: str) -> str:
    """Return a message that a terminal can show.

    Examples
    --------
    >>> _printable("no column a" + chr(27)).isprintable()
    True
    """
    escaped = _UNPRINTABLE.sub(lambda one: ascii(one[0])[1:-1], message)
    return _ENDLESS.sub(_shortened, escaped)


def _shortened(word: re.Match[str]) -> str:
    return f"{word[0][:_KEPT]}... ({len(word[0]):,} characters)"


class ConfigError(CityError, ValueError):
    """An option is outside its range, or two options exclude each other."""


class DataError(CityError, ValueError):
    """An input file or table has defects; the message lists every one.

    Attributes
    ----------
    defects : tuple of str
        One line per defect, with row and column where there is one.
    """

    defects: tuple[str, ...] = ()

    @classmethod
    def listing(cls, source: str, defects: Iterable[str], *, advice: str = "") -> Self:
        """Build the error for `source` from its list of `defects`, and say what to do.

        Examples
        --------
        >>> print(DataError.listing("shops.csv", ["row 2: no longitude", "row 9: no category"]))
        shops.csv has 2 defects:
          - row 2: no longitude
          - row 9: no category
        """
        found = tuple(defects)
        count = "1 defect" if len(found) == 1 else f"{len(found)} defects"
        listed = "\n  - ".join([f"{source} has {count}:", *found])
        error = cls(f"{listed}\n{advice}" if advice else listed)
        error.defects = found
        return error


class ChoiceError(CityError, ValueError):
    """A choice has no alternatives."""


class ThinkingError(CityError, RuntimeError):
    """A thought asked without a backend that answers, or awaited something other than `ask`."""


class LLMError(CityError, RuntimeError):
    """A language model did not answer as it should.

    Attributes
    ----------
    use_rules : bool
        Whether the rule may decide instead, as the run is configured.
    """

    use_rules: bool = False


class LLMUnavailableError(LLMError):
    """No answer: the connection failed, it took too long, or the server is overloaded.

    Attributes
    ----------
    retry_after_s : float or None
        How long the server asks to wait before the next try, in seconds.
    fatal : bool
        Whether nobody need try again, as with a wrong key or an unknown model.
    cause : {"", "busy", "timeout", "adapted"}
        ``"busy"`` if the server asks for fewer requests, ``"timeout"`` if it took too long, and
        ``"adapted"`` if it refuses a parameter that the next try leaves out.
    """

    retry_after_s: float | None = None
    fatal: bool = False
    cause: str = ""


class LLMReplyError(LLMError):
    """An answer came that cannot be used: refused, cut off, too long a prompt, or malformed.

    Attributes
    ----------
    flaw : str
        What is wrong with the form of the answer, as the model may be told; empty if that
        is the message.
    """

    flaw: str = ""


class LLMBudgetError(LLMError):
    """A limit of money, calls or tokens is reached; nothing more is sent."""


class RecordingError(CityError, LookupError):
    """A recording lacks the answer to a question, or does not fit the run."""
