"""Text without characters that files, databases and terminals refuse or obey."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["encodable", "one_a_line", "plain_text", "plain_values"]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Control characters except tab and line ends, and marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_REPLACEMENT = "\ufffd"


def plain_text(text: str) -> str:
    r"""Return a text that can be encoded, stored and printed.

    Parameters
    ----------
    text : str
        Any text, such as the answer of a server.

    Returns
    -------
    str
        Half an emoji (a lone surrogate) becomes U+FFFD; control characters other than tab
        and line ends are left out, as are marks that turn the direction of writing.

    Examples
    --------
    >>> plain_text("hungry \ud83c") == "hungry \ufffd"
    True
    >>> plain_text("a\x00b")
    'ab'
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub("", _LONE_SURROGATE.sub(_REPLACEMENT, text))


def one_a_line(names: Iterable[str]) -> str:
    r"""Return names as lines of one text; breaks within a name become blanks.

    Examples
    --------
    >>> one_a_line(["Ann", "Bo\nLi"])
    'Ann\nBo Li'
    """
    return "\n".join(" ".join(name.splitlines()) for name in names)


def encodable(text: str) -> str:
    r"""Return a text that can be encoded: ``?`` in place of lone surrogates, all else as it is.

    Examples
    --------
    >>> encodable("caf\u00e9 \ud83c")
    'café ?'
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def plain_values(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value whose texts are all `plain_text`, names of fields included."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, list):
        return [plain_values(one) for one in value]
    if isinstance(value, dict):
        return {plain_text(name): plain_values(one) for name, one in value.items()}
    return value
