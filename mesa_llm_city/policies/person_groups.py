"""Groups of persons who are alike by dimensions, such as for archetypes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.policies.columns import person_values
from mesa_llm_city.policies.dimensions import dimensions_of
from mesa_llm_city.population import Persona

__all__ = ["person_groups"]


def person_groups(
    people: Iterable[Persona], by: Sequence[str], *, parameters: CityParameters | None = None
) -> dict[int, str]:
    """Return the group of each person by id: the bands and kinds that the person belongs to.

    Parameters
    ----------
    people : iterable of Persona
        The persons.
    by : sequence of str
        Dimensions of persons, such as ``["age_group", "employment"]`` (see `DIMENSIONS`).
    parameters : CityParameters, optional
        Reads the bands in `policies`.

    Raises
    ------
    ConfigError
        If a dimension is not known, or is not one of persons.

    Examples
    --------
    >>> from mesa_llm_city.population import profile
    >>> person_groups([profile("night-shift nurse", home=1, work=2)], ["age_group", "employment"])
    {3: '30 to 45, employed'}
    """
    tree = default_parameters() if parameters is None else parameters
    dimensions = dimensions_of(by, frozenset(), tree, of_moments=False)
    names = frozenset(name for one in dimensions for name in one.columns)
    return {
        one.id: ", ".join(
            dimension.labels[int(dimension.codes(person_values(one, names, tree)))]
            for dimension in dimensions
        )
        for one in people
    }
