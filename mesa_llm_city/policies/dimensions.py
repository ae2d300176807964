"""The dimensions there are by name, and the columns that each kind of decision has for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.policies.columns import DAY_KINDS, MOMENT_COLUMNS, PERSON_COLUMNS
from mesa_llm_city.policies.dimension import Axis, Dimension, banded, named
from mesa_llm_city.population import EMPLOYED, Education, Gender, LifeStage, Occupation, Role

__all__ = ["DIMENSIONS", "dimensions_of"]

_EMPLOYMENT = ("employed", "in education", "retired", "without work")
_LEARNING = frozenset({Occupation.INFANT, Occupation.PUPIL, Occupation.STUDENT})
_NO_NEED = "none"
_NO_YES = ("no", "yes")


def _employment(_: CityParameters) -> tuple[Axis, ...]:
    groups = [
        0 if one in EMPLOYED else 1 if one in _LEARNING else 2 if one is Occupation.RETIRED else 3
        for one in Occupation
    ]
    return (named("occupation", _EMPLOYMENT, groups),)


def _weather(tree: CityParameters) -> tuple[Axis, ...]:
    warmth = banded("temperature_c", tree.policies.temperature_from_c, "°C")
    return (named("is_wet", ("dry", "wet")), warmth)


def _by_feeling(column: str) -> Callable[[CityParameters], tuple[Axis, ...]]:
    return lambda tree: (banded(column, tree.policies.feeling_from),)


DIMENSIONS: Mapping[str, Callable[[CityParameters], tuple[Axis, ...]]] = MappingProxyType(
    {
        "age_group": lambda tree: (banded("age", tree.policies.age_from),),
        "gender": lambda _: (named("gender", tuple(Gender)),),
        "employment": _employment,
        "occupation": lambda _: (named("occupation", tuple(Occupation)),),
        "education": lambda _: (named("education", tuple(Education)),),
        "income": lambda tree: (banded("income", tree.policies.income_from),),
        "household": lambda _: (named("household_role", tuple(Role)),),
        "life_stage": lambda _: (named("life_stage", tuple(LifeStage)),),
        "car": lambda _: (named("has_car", _NO_YES),),
        "hour": lambda tree: (banded("hour", tree.policies.hour_from, "h"),),
        "day_kind": lambda _: (named("day_kind", DAY_KINDS),),
        "weather": _weather,
        "need": lambda tree: (named("need", (_NO_NEED, *tree.needs)),),
        "purpose": lambda tree: (named("purpose", tuple(tree.purposes)),),
        "distance": lambda tree: (banded("distance_km", tree.policies.distance_from_km, "km"),),
        "free_time": lambda tree: (banded("free_min", tree.policies.free_from_min, "min"),),
        "activity": lambda tree: (named("activity", tuple(tree.purposes)),),
        "duty": lambda _: (named("is_fixed", _NO_YES),),
        "emotion": _by_feeling("emotion"),
        "belief": _by_feeling("belief"),
        "disagreement": _by_feeling("disagreement"),
    }
)
"""What cells may differ by, and how each is made of columns, by the parameters of a model."""


def dimensions_of(
    names: Sequence[str],
    columns: frozenset[str],
    parameters: CityParameters,
    *,
    of_moments: bool = True,
) -> tuple[Dimension, ...]:
    """Return dimensions by name, with the bands and kinds of the parameters.

    Parameters
    ----------
    names : sequence of str
        Some of `DIMENSIONS`, the most important first.
    columns : frozenset of str
        Columns that the decision has beside those of persons and moments.
    parameters : CityParameters
        Reads `policies`, and the purposes and needs.
    of_moments : bool, default True
        Whether the columns of moments are there.

    Raises
    ------
    ConfigError
        If a name is unknown or given twice, or the decision lacks a column for it.

    Examples
    --------
    >>> from mesa_llm_city.parameters import default_parameters
    >>> (day,) = dimensions_of(["day_kind"], frozenset(), default_parameters())
    >>> day.labels
    ('workday', 'saturday', 'sunday')
    """
    there = {*PERSON_COLUMNS, *(MOMENT_COLUMNS if of_moments else ()), *columns}
    made = {name: _made(name, parameters) for name in names if name in DIMENSIONS}
    usable = [name for name in DIMENSIONS if set(_made(name, parameters).columns) <= there]
    defects = [
        f"there is no dimension {name!r}{did_you_mean(name, usable)}"
        for name in names
        if name not in DIMENSIONS
    ]
    defects += [
        f"dimension {name!r} is not known where this is decided" for name in made.keys() - usable
    ]
    defects += [f"dimension {name!r} is given twice" for name in made if names.count(name) > 1]
    if defects:
        message = f"{'; '.join(sorted(defects))}; give some of {', '.join(usable)}"
        raise ConfigError(message)
    return tuple(made.values())


def _made(name: str, parameters: CityParameters) -> Dimension:
    return Dimension(name=name, axes=DIMENSIONS[name](parameters))
