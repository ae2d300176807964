"""What does not fit together across the tree: kinds that name kinds which do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.modes import ModeSpec
from mesa_llm_city.parameters.needs import NeedSpec
from mesa_llm_city.parameters.purposes import PurposeSpec

__all__ = ["kind_defects", "unknown_purposes"]

# Other columns of the table of needs, and what else people can be coloured by.
_TAKEN = frozenset({"person", "time", "activity", "mood", "belief", "income"})


def kind_defects(
    purposes: Mapping[str, PurposeSpec],
    modes: Mapping[str, ModeSpec],
    needs: Mapping[str, NeedSpec],
) -> Iterator[Defect]:
    """Yield needs that name unknown purposes, names that are none, and a city without walking."""
    for branch, rows in (("purposes", purposes), ("modes", modes), ("needs", needs)):
        for name in rows:
            if not name.isidentifier():
                problem = "is no name; use letters, digits and underscores, such as shared_bike"
                yield Defect(f"{branch}.{name}", problem)
    for name, need in needs.items():
        yield from unknown_purposes(need.gains_per_h, purposes, f"needs.{name}.gains_per_h")
        if need.reaction:
            yield from unknown_purposes([need.reaction], purposes, f"needs.{name}.reaction")
    if not modes["walk"].enabled:
        yield Defect("modes.walk.enabled", "is false; walking is always possible")
    for name in needs:
        if name in modes or name in _TAKEN:
            yield Defect(f"needs.{name}", "is the name of something else already; choose another")


def unknown_purposes(
    told: Iterable[str],
    known: Mapping[str, object],
    where: str,
) -> Iterator[Defect]:
    """Yield the names among those `told` that are no purposes.

    Parameters
    ----------
    told : iterable of str
        Names of purposes.
    known : mapping
        The purposes by name.
    where : str
        Dotted name of what names them.
    """
    for name in told:
        if name not in known:
            problem = f"there is no purpose {name!r}; the purposes are {', '.join(known)}"
            yield Defect(where, problem)
