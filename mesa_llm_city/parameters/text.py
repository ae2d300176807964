"""Values as text: what a command line gives, and how TOML writes them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping

__all__ = ["from_text", "quoted_key", "to_text"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")


def from_text(text: str) -> object:
    """Return what a text stands for: a list, a table, none, or the text itself.

    Numbers and switches stay text, since their own field reads them.

    Examples
    --------
    >>> from_text("[1, 2]"), from_text("none"), from_text("1.5")
    ([1, 2], None, '1.5')
    """
    told = text.strip()
    if told.casefold() == "none":
        return None
    if told[:1] not in {"[", "{"}:
        return text
    try:
        return tomllib.loads(f"value = {told}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def to_text(value: object) -> str:
    """Return a value as TOML writes it; none as the text ``"none"``, which TOML lacks.

    Examples
    --------
    >>> to_text(True), to_text(1e-3), to_text("Su 09:00-12:00"), to_text((1, 2)), to_text(None)
    ('true', '0.001', '"Su 09:00-12:00"', '[1, 2]', '"none"')
    """
    if value is None:
        return '"none"'
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool | int | float):
        return repr(value).lower()
    if isinstance(value, Mapping):
        rows = (f"{quoted_key(key)} = {to_text(one)}" for key, one in value.items())
        return f"{{ {', '.join(rows)} }}"
    if isinstance(value, Iterable):
        entries = sorted(value) if isinstance(value, frozenset) else value
        return f"[{', '.join(map(to_text, entries))}]"
    message = f"{value!r} cannot be written as TOML"
    raise TypeError(message)


def quoted_key(key: object) -> str:
    """Return a key as TOML writes it, in quotes where it has to be.

    Examples
    --------
    >>> quoted_key("speed_km_h"), quoted_key("seeing friends"), quoted_key(20)
    ('speed_km_h', '"seeing friends"', '20')
    """
    told = str(key)
    return told if _BARE_KEY.match(told) else _quoted(told)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    safe = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in escaped)
    return f'"{safe}"'
