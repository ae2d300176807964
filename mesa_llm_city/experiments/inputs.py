"""What a run reads before it begins: the city, its people, and who enters from outside."""

from __future__ import annotations

from mesa_llm_city.city import City
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.population import Outsiders, Population
from mesa_llm_city.simulation.outsiders import with_outsiders

__all__ = ["read_city", "read_outsiders", "read_people"]


def read_city(options: RunOptions) -> City:
    """Return the city of the options; a synthetic town, large enough for all, without files.

    Raises
    ------
    DataError
        If the files have defects; all of them are listed.
    """
    if not options.places:
        if not options.crowd:
            return City.synthetic(parameters=options.parameters)
        return City.for_people(options.crowd + options.citizens, parameters=options.parameters)
    return City.from_files(
        list(options.places),
        zones=options.zones,
        stations=options.stations,
        network=options.network,
        categories=options.categories,
        unknown=options.unknown,
        bad_rows=options.bad_rows,
        country=options.country,
        name=options.city_name,
        parameters=options.parameters,
    )


def read_people(options: RunOptions, city: City) -> Population:
    """Return the people of the options' table, or as many as they ask for, synthesised.

    Raises
    ------
    DataError
        If the table has defects; all of them are listed.
    """
    parameters = options.parameters
    if options.people is None:
        return Population.synthesize(
            options.citizens, city=city, rng=options.seed, parameters=parameters
        )
    return Population.from_table(
        options.people,
        households=options.households,
        city=city,
        rng=options.seed,
        parameters=parameters,
        bad_rows=options.bad_rows,
    )


def read_outsiders(options: RunOptions, city: City, people: Population) -> tuple[City, Population]:
    """Return the city with gates, and its people with those who enter from outside.

    They follow from the options' table of counts, or from their parameters. If nobody enters,
    city and people stay as they are.

    Raises
    ------
    DataError
        If the table has defects, or gates are not on the map; all of them are listed.
    """
    if "outsiders" in options.without:
        return city, people
    counts = None if options.outsiders is None else Outsiders.from_counts(options.outsiders)
    return with_outsiders(city, people, counts, seed=options.seed, parameters=options.parameters)
