"""Changes of rules, as a text of the command line or as a mapping."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.core.errors import ConfigError

__all__ = ["read_changes"]


def read_changes(given: str | Mapping[str, str] | None) -> dict[str, str]:
    """Return actions by the name of the rule.

    Parameters
    ----------
    given : str, mapping or None
        Such as ``"respect=off, no_ads=remove"``.

    Raises
    ------
    ConfigError
        If it is neither a text nor a mapping, or a text has another form.

    Examples
    --------
    >>> read_changes("respect=off, no_ads=remove")
    {'respect': 'off', 'no_ads': 'remove'}
    """
    if given is None or isinstance(given, Mapping):
        return dict(given or {})
    if not isinstance(given, str):
        message = f"changes must be a text or a mapping, got {given!r}"
        raise ConfigError(message)
    pairs = [one.partition("=") for one in given.split(",") if one.strip()]
    if any(not equals for _, equals, _ in pairs):
        message = f"changes must be RULE=ACTION with commas between, got {given!r}"
        raise ConfigError(message)
    return {name.strip(): action.strip() for name, _, action in pairs}
