"""The graph of a run: made up, the ties of a town, or the edges of a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.media.follower_graph import FollowerGraph

__all__ = ["MADE_UP", "TOWN", "graph_of", "town_graph"]

MADE_UP, TOWN = "made-up", "town"
_PEOPLE = 2000
_FOLLOWING = 8
_CHANNELS = 5
_CHANNEL_REACH = 0.5


def graph_of(
    graph: str | Path | FollowerGraph,
    people: int | None,
    *,
    seed: int,
    parameters: CityParameters | None = None,
) -> tuple[FollowerGraph, tuple[Persona, ...]]:
    """Return who follows whom, and the people, if anything is known of them.

    Parameters
    ----------
    graph : str, Path or FollowerGraph
        ``"made-up"``: everybody follows eight people, those with many followers more often, and is
        followed back (Barabasi and Albert 1999, Science 286, 509-512). ``"town"``: see
        `town_graph`. A file with an edge a line, both of whom follow each other. Or a graph.
    people : int, optional
        Number of people; 2000 by default, or as many as the file or graph has.
    seed : int
        Seed of a made-up graph or town.
    parameters : CityParameters, optional
        For the town.

    Raises
    ------
    ConfigError
        If there is neither such a file nor such a graph, or it has another number of people.
    """
    if isinstance(graph, FollowerGraph):
        return _with_people(graph, people), ()
    if str(graph) == TOWN:
        return town_graph(people or _PEOPLE, seed=seed, parameters=parameters)
    if str(graph) == MADE_UP:
        rng = stream(seed, 0, "graph", 0)
        made = FollowerGraph.preferential(
            people or _PEOPLE, following=_FOLLOWING, reciprocity=1.0, rng=rng
        )
        return made, ()
    if not Path(str(graph)).is_file():
        message = f"graph must be {MADE_UP!r}, {TOWN!r} or a file of edges; there is no {graph}"
        raise ConfigError(message)
    return _with_people(FollowerGraph.from_file(graph, directed=False), people), ()


def town_graph(
    people: int, *, seed: int, parameters: CityParameters | None = None
) -> tuple[FollowerGraph, tuple[Persona, ...]]:
    """Return the ties of the people of a made-up town, with a few who reach many of them.

    Household, friends, colleagues, classmates and neighbours follow each other. Five people run
    local channels, which half, a quarter, and so on down to a tenth of the town follow (by Zipf's
    law; assumptions). Without them nobody has enough followers for a cascade of a hundred.

    Parameters
    ----------
    people : int
        Number of people.
    seed : int
        Seed of town, people, ties and channels.
    parameters : CityParameters, optional
        How many friends, colleagues and neighbours people have, and all of the town.
    """
    from mesa_llm_city.city import City
    from mesa_llm_city.population import Population
    from mesa_llm_city.simulation.acquaintances import circles

    city = City.synthetic(rng=seed, places=max(200, people), parameters=parameters)
    town = tuple(Population.synthesize(people, city=city, rng=seed, parameters=parameters))
    known = None if parameters is None else parameters.social.acquaintances
    found = circles(town, seed=seed, parameters=known)
    others = {
        row: [one for circle in its for one in circle.others] for row, its in enumerate(found)
    }
    return _with_channels(FollowerGraph.from_ties(others), seed), town


def _with_channels(graph: FollowerGraph, seed: int) -> FollowerGraph:
    rng = stream(seed, 0, "channels", 0)
    channels = rng.choice(graph.n, size=min(_CHANNELS, graph.n), replace=False)
    reach: Float = _CHANNEL_REACH / np.arange(1, len(channels) + 1)
    follows = rng.random((len(channels), graph.n)) < reach[:, np.newaxis]
    channel, follower = np.nonzero(follows)
    return graph.with_edges(follower, channels[channel])


def _with_people(graph: FollowerGraph, people: int | None) -> FollowerGraph:
    if people is not None and people != graph.n:
        message = f"the graph has {graph.n} people, but people={people}; leave it out"
        raise ConfigError(message)
    return graph
