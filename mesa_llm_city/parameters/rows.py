"""Rows of purposes, modes and needs: what is built in, and what new rows are completed by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mesa_llm_city.parameters.derived import colours_of, label_of
from mesa_llm_city.parameters.kind import KindSpec
from mesa_llm_city.parameters.modes import MODES, ModeSpec
from mesa_llm_city.parameters.needs import NEEDS, NeedSpec
from mesa_llm_city.parameters.purposes import PURPOSES, PurposeSpec

__all__ = ["completed", "new_rows"]

_KINDS: Mapping[str, tuple[type[KindSpec], Mapping[str, KindSpec]]] = {
    "purposes": (PurposeSpec, PURPOSES),
    "modes": (ModeSpec, MODES),
    "needs": (NeedSpec, NEEDS),
}


def completed(branch: str, given: Any) -> Any:  # noqa: ANN401 - a branch of any type
    """Return rows of kinds with the label and colours that new ones leave open.

    Parameters
    ----------
    branch : str
        Name of a branch of the tree; others than those of kinds are left as they are.
    given : object
        Its rows by name, each a mapping or a `KindSpec`.
    """
    if branch not in _KINDS or not isinstance(given, Mapping):
        return given
    kind, built_in = _KINDS[branch]
    taken = [row.colour for row in built_in.values()]
    rows = dict(given)
    for name, row in given.items():
        plain = row.model_dump(exclude_unset=True) if isinstance(row, KindSpec) else row
        if name not in built_in and isinstance(plain, Mapping):
            derived = _derived(kind, name, taken)
            # Not a colour that is given: so it makes no difference to the next row.
            taken.append(derived["colour"])
            rows[name] = {**derived, **{key: one for key, one in plain.items() if one != ""}}
    return rows


def _derived(kind: type[KindSpec], name: str, taken: list[str]) -> dict[str, str]:
    label = label_of(name)
    light, dark = colours_of(name, taken)
    group = {"group": label} if kind is PurposeSpec else {}
    return {"label": label, "colour": light, "colour_dark": dark, **group}


def new_rows(tree: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the names of the rows that are not built in, by branch; none where all are.

    Parameters
    ----------
    tree : mapping
        The branches of a tree by name.
    """
    new = {
        branch: [name for name in tree[branch] if name not in built_in]
        for branch, (_, built_in) in _KINDS.items()
    }
    return {branch: names for branch, names in new.items() if names}
