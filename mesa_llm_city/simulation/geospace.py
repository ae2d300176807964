"""A city as a GeoSpace of Mesa-Geo, for models that are made with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    import mesa
    import mesa_geo

    from mesa_llm_city.city import City

__all__ = ["to_geospace"]


def to_geospace(city: City, model: mesa.Model) -> mesa_geo.GeoSpace:
    """Return a GeoSpace with the zones and places of a city as GeoAgents.

    They are in the space alone and not in ``model.agents``, so that they take no turn; the
    agents of a model can find them by `get_intersecting_agents`, `agents_at` and the like.

    Parameters
    ----------
    city : City
        The city; its coordinates are kept.
    model : mesa.Model
        The model that the agents belong to; any Mesa model will do.

    Returns
    -------
    mesa_geo.GeoSpace
        Zones (`geo_agents.ZoneAgent`), then places (`geo_agents.PlaceAgent`).

    Raises
    ------
    ConfigError
        If Mesa-Geo is not installed.

    Examples
    --------
    >>> import mesa
    >>> from mesa_llm_city import City
    >>> city = City.synthetic(rng=1, places=300)
    >>> space = to_geospace(city, mesa.Model())
    >>> len(space.agents) == len(city.zones) + len(city.places)
    True
    """
    try:
        import mesa_geo  # noqa: F401 - is it there?
    except ModuleNotFoundError as missing:
        if missing.name != "mesa_geo":
            raise
        message = "to_geospace needs Mesa-Geo; install it with: pip install mesa-geo"
        raise ConfigError(message) from missing
    from mesa_llm_city.simulation.geo_agents import geospace_of

    return geospace_of(city, model)
