"""Everything by which the population of a model changes, by call and by yearly rates."""

from __future__ import annotations

from mesa_llm_city.simulation.demography.yearly import Yearly

__all__ = ["Demography"]


class Demography(Yearly):
    """What changes the population of a model; found as ``model.demography``.

    Households come (`move_in`, `newcomers`) and go (`move_out`), move house (`move_house`,
    `found_household`); people are born (`birth`), die (`death`), marry (`marry`), separate
    (`separate`), change jobs and schools (`change_job`, `change_occupation`, `start_school`,
    `retire`) and grow older (`birthday`). Ties, places, counts and tables stay true. By the
    rates of ``population.demography`` it happens by itself (`live_day`).

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=300), 20, rng=7)
    >>> agents = model.move_in(model.demography.newcomers())
    >>> model.demography.move_house(agents[0]) == agents[0].persona.home
    True
    >>> model.events()["event"].unique().tolist()
    ['arrival', 'move']
    """
