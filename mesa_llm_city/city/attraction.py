"""Attraction: how strongly each place draws people, from whatever is known about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.special import ndtri

from mesa_llm_city.city.places import Places
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.city import AttractionParameters

__all__ = ["attraction_note", "attraction_of"]

_HALF_STEP = 2.0**-54
"""Half of the distance of two uniform numbers, so that none of them is 0."""


def attraction_of(
    places: Places, stations: Stations, parameters: AttractionParameters, *, seed: int
) -> Float:
    """Return the attraction of each place, shape (n,); only ratios matter.

    Attractions of the files are taken as they are, in any unit. Places that have none get the
    mean of their kind, or of all, and 1 if the files have none at all. With
    `AttractionParameters.estimated` they get an estimate instead, in visitors a day: by kind a
    place has its usual number of visitors, and this is multiplied by

    - ``size ** size_exponent`` where the size is known (the gravity of a shop, Huff 1964);
    - ``exp(rating_effect (rating - mean))`` where there is a rating (Luca 2016);
    - ``(places / mean) ** vicinity_exponent`` of the places close by, whose visitors pass, and
      ``(1 + entries / mean) ** station_exponent`` of a station close by (Koster et al. 2019);
    - where neither attraction nor size is known, a lognormal factor of mean 1, drawn from the
      random stream of the place.

    Attractions of the files are then scaled to the same sum as the estimates for these places.

    Parameters
    ----------
    places : Places
        The places of a city.
    stations : Stations
        Its stations; those whose entries are not counted have as many as the mean.
    parameters : AttractionParameters
        `city.attraction`.
    seed : int
        Seed of the spread within a kind.
    """
    if not parameters.estimated:
        return _means_of_kinds(places)
    estimate = _by_kind(places, parameters) * _by_rating(places, parameters)
    estimate *= _by_vicinity(places, parameters) * _by_stations(places, stations, parameters)
    is_given, has_size = ~np.isnan(places.attraction), ~np.isnan(places.size)
    estimate = estimate * np.where(has_size, places.size, 1.0) ** parameters.size_exponent
    by_chance = ~(is_given | has_size)
    spread = _spread(np.flatnonzero(by_chance), parameters.sigma, seed)
    estimate[by_chance] *= spread
    given = places.attraction[is_given]
    if (total := float(np.sum(given))) > 0.0:
        given = given * np.sum(estimate[is_given]) / total
    estimate[is_given] = given
    return estimate


def _means_of_kinds(places: Places) -> Float:
    """Return the attraction of the files; else the mean of the kind, or of all; else 1."""
    is_given = ~np.isnan(places.attraction)
    if not is_given.any():
        return np.ones(len(places))
    given, kind = places.attraction[is_given], places.category[is_given]
    kinds = len(places.category_names)
    count = np.bincount(kind, minlength=kinds)
    total = np.bincount(kind, weights=given, minlength=kinds)
    usual = np.where(count > 0, total / np.maximum(count, 1), np.mean(given))
    return np.where(is_given, places.attraction, usual[places.category])


def _by_kind(places: Places, parameters: AttractionParameters) -> Float:
    """Return the usual number of visitors of the kind of each place."""
    least_jobs = np.maximum(places.usual_jobs, 1.0)
    return np.where(
        np.isnan(places.visitors), least_jobs * parameters.visitors_per_job, places.visitors
    )


def _by_rating(places: Places, parameters: AttractionParameters) -> Float:
    """Return the factor of the rating of each place; 1 where there is none."""
    known = ~np.isnan(places.rating)
    if not known.any():
        return np.ones(len(places))
    above = np.where(known, places.rating - np.mean(places.rating[known]), 0.0)
    factor: Float = np.exp(parameters.rating_effect * above)
    return factor


def _by_vicinity(places: Places, parameters: AttractionParameters) -> Float:
    """Return the factor of the number of places around each, homes apart."""
    is_other = ~places.is_residence
    if not is_other.any():
        return np.ones(len(places))
    points = np.column_stack([places.x, places.y])
    tree = cKDTree(points[is_other])
    number = tree.query_ball_point(points, parameters.vicinity_m, return_length=True)
    around = np.asarray(number, dtype=np.float64)
    factor: Float = (around / np.mean(around[is_other])) ** parameters.vicinity_exponent
    return np.where(is_other, factor, 1.0)


def _by_stations(places: Places, stations: Stations, parameters: AttractionParameters) -> Float:
    """Return the factor of the people who enter the nearest station, if it is close by."""
    nearest, away = stations.nearest(places.x, places.y)
    counted = np.ones(len(stations)) if stations.entries is None else stations.entries
    known = counted[~np.isnan(counted)]
    mean = float(np.mean(known)) if known.any() else 1.0
    entries = np.append(np.nan_to_num(counted, nan=mean), 0.0)  # the last is that of no station
    passing = np.where(away <= parameters.vicinity_m, entries[nearest], 0.0) / mean
    factor: Float = (1.0 + passing) ** parameters.station_exponent
    return factor


def _spread(ids: NDArray[np.intp], sigma: float, seed: int) -> Float:
    """Return lognormal factors of mean 1, each from the random stream of its place."""
    drawn = streams.uniforms(seed, ids, "attraction", 0, 1)[:, 0]
    factor: Float = np.exp(sigma * ndtri(drawn + _HALF_STEP) - sigma * sigma / 2.0)
    return factor


def attraction_note(
    places: Places, stations: Stations | None, parameters: AttractionParameters
) -> str:
    """Return a sentence on what the attraction of the places to go to was taken from."""
    is_visited = (
        ~places.is_residence
        & np.array([bool(purposes) for purposes in places.category_purposes], dtype=np.bool_)[
            places.category
        ]
    )
    given = is_visited & ~np.isnan(places.attraction)
    if not parameters.estimated:
        count, rest = int(np.sum(given)), int(np.sum(is_visited & ~given))
        if not count:
            return "attraction of places: not known, all draw people alike"
        return (
            f"attraction of places: {count} as the files have it, {rest} by the mean of their kind"
        )
    by_chance = ", with a spread by chance" if parameters.sigma else ""
    by_size = is_visited & ~given & ~np.isnan(places.size)
    rated = is_visited & ~given & ~np.isnan(places.rating)
    by_kind = is_visited & ~given & ~by_size
    counts = {
        "as the files have it": given,
        "by kind and size": by_size,
        f"by kind alone{by_chance}": by_kind,
    }
    sources = ", ".join(f"{np.sum(mask)} {how}" for how, mask in counts.items() if mask.any())
    ratings = f"; ratings of {np.sum(rated)}" if rated.any() else ""
    entries = "" if stations is None or stations.entries is None else "; entries of stations too"
    return f"attraction of places: {sources or 'none'}{ratings}{entries}"
