"""Parameters as texts ``NAME=VALUE``, and their values as JSON holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mesa_llm_city.parameters import Defect, ParameterError

__all__ = ["assigned", "plain_value"]


def assigned(texts: Iterable[object]) -> dict[str, str]:
    """Return names and values of texts such as ``mobility.gravity.gamma=1.5``.

    Of equal names the last one counts.

    Raises
    ------
    ParameterError
        Lists every text without a name or an equals sign.

    Examples
    --------
    >>> assigned(["mobility.gravity.gamma=1.5", "purposes.meal.label = a = b"])
    {'mobility.gravity.gamma': '1.5', 'purposes.meal.label': 'a = b'}
    """
    given = [str(text) for text in texts]
    form = "must be NAME=VALUE, such as mobility.gravity.gamma=1.5"
    wrong = [
        Defect("parameters", f"{form}, got {text!r}")
        for text in given
        if not text.partition("=")[0].strip() or "=" not in text
    ]
    if wrong:
        raise ParameterError.listing(wrong)
    pairs = (text.partition("=")[::2] for text in given)
    return {name.strip(): value.strip() for name, value in pairs}


def plain_value(value: object) -> object:
    """Return the value of a parameter as JSON holds it.

    Examples
    --------
    >>> plain_value((1, 2.5)), plain_value(frozenset({"b", "a"}))
    ([1, 2.5], ['a', 'b'])
    """
    if isinstance(value, Mapping):
        return {str(key): plain_value(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(plain_value, value), key=str)
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    return value
