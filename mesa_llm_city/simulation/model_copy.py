"""A copy of a model that lives on by itself, from the same moment."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from mesa_llm_city.core.errors import CityError

__all__ = ["copied"]

M = TypeVar("M")


def copied(model: M, shared: Mapping[str, object]) -> M:
    """Return a copy of a model in which nothing is shared with it but what is named.

    Parameters
    ----------
    model : object
        The model, between two steps.
    shared : mapping of str to object
        What the copy has in common with the model, by name: what never changes, such as a
        graph, and what cannot be copied, such as the connections of a language model.

    Raises
    ------
    CityError
        If something in the model cannot be copied.

    Examples
    --------
    >>> graph, opinions = [1, 2], [0.5]
    >>> other = copied({"graph": graph, "opinions": opinions}, {"graph": graph})
    >>> other["graph"] is graph, other["opinions"] is opinions
    (True, False)
    """
    names = {id(one): name for name, one in shared.items() if one is not None}
    written = BytesIO()
    try:
        _Pickler(written, names).dump(model)
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        message = (
            f"the model cannot be copied ({error}); functions in it must be importable, "
            "not written as a lambda or inside another function"
        )
        raise CityError(message) from error
    copy: M = _Unpickler(BytesIO(written.getvalue()), shared).load()
    return copy


class _Pickler(pickle.Pickler):
    def __init__(self, file: BytesIO, names: Mapping[int, str]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._names = names

    def persistent_id(self, value: object) -> str | None:
        return self._names.get(id(value))


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: BytesIO, shared: Mapping[str, object]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, name: Any) -> object:  # noqa: ANN401 - as pickle has it
        return self._shared[name]
