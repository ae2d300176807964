"""Functions that know their latest answer again, without comparing what they are asked about."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from operator import is_
from typing import ParamSpec, TypeVar

__all__ = ["keeps_latest"]

Given = ParamSpec("Given")
Found = TypeVar("Found")


def keeps_latest(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Let a function give its latest answer again when it is asked about the same objects.

    A cache that looks its arguments up has to hash and to compare them, which takes a microsecond
    for a tree of parameters. Who asks about the same tree in each round is answered sooner by
    this, in front of such a cache.

    Parameters
    ----------
    function : callable
        Takes one or more arguments, always as many, which do not change, and answers them always
        in the same way.

    Examples
    --------
    >>> asked = []
    >>> known = keeps_latest(lambda text: (asked.append(text), text.upper())[1])
    >>> word = "walk"
    >>> known(word), known(word), asked
    ('WALK', 'WALK', ['walk'])
    """
    # One tuple, which is read and replaced at once, so that threads do not mix two answers.
    latest: list[tuple[tuple[object, ...], Found]] = []

    def asked(*given: Given.args, **named: Given.kwargs) -> Found:
        if latest and not named:
            known, found = latest[0]
            if known[0] is given[0] and all(map(is_, known, given)):
                return found
        answer = function(*given, **named)
        if not named:
            latest[:] = [(given, answer)]
        return answer

    return update_wrapper(asked, function)
