"""Whether a trait changes what people do, with the sign that is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.traits.retraited import check_trait, with_trait
from mesa_llm_city.experiments.traits.signs import (
    BEHAVIOURS,
    GIVEN_TO_RULES,
    SIGNS,
    PublishedSign,
    behaviour_table,
)
from mesa_llm_city.population import Population

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.city import City
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["TraitCheck", "check_traits", "correlation_of", "gap_of"]

_LOW, _HIGH = 1, 3
_ADULT_AGE = 18
_NORMAL_95 = 1.959964
# Means of the lowest and the highest third of a standard normal distribution lie so far apart.
_TERTILE_GAP_SD = 2.1816
_FEWEST = 20

MakeModel = Callable[[Population, int], "CityModel"]
"""Makes a model of people and a seed."""


class _Arms(NamedTuple):
    """Behaviour of the same people when their trait is low and when it is high."""

    low: Mapping[str, Float]
    high: Mapping[str, Float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitCheck:
    """What high rather than low traits change.

    Parameters
    ----------
    effects : pandas.DataFrame
        A row per trait and behaviour: ``trait``, ``behaviour``, ``low`` and ``high`` (means of
        the same people), ``difference`` with its 95 % interval ``from`` and ``to``, ``gap_sd``
        (the difference in standard deviations between persons), ``correlation`` that would give
        such a gap, ``published`` (1, 0, -1 or missing), ``published_correlation``, ``verdict``,
        ``people``, ``source``.
    decided_by : str
        Who decided: rules, or the language model by name.
    """

    effects: pd.DataFrame
    decided_by: str

    def text(self) -> str:
        """Return the effects of which something is published, a line each."""
        rows = self.effects[self.effects["published"].notna()]
        first = (
            f"decided by {self.decided_by}; high against low, the same {rows['people'].max():,} "
            "people, 95 % intervals"
        )
        lines = [first]
        ends = zip(rows["from"], rows["to"], strict=True)
        for one, (begin, end) in zip(rows.itertuples(), ends, strict=True):
            lines.append(
                f"{one.trait:18}{BEHAVIOURS[str(one.behaviour)]:34}{one.difference:+8.2f} "
                f"[{begin:+.2f}, {end:+.2f}]  {one.verdict}"
            )
        if self.decided_by == "rules":
            lines.append(GIVEN_TO_RULES)
        return "\n".join(lines)


def check_traits(
    make: MakeModel,
    people: Population,
    *,
    city: City,
    traits: Iterable[str] | None = None,
    seeds: Iterable[int] = (7,),
    days: int = 7,
    people_seed: int = 0,
    decided_by: str = "rules",
) -> TraitCheck:
    """Let the same people live with a trait low and high, and compare what they do.

    In each run a random half of the adults has the trait low and the other half high; in a
    second run the halves are exchanged. So everybody is compared with themselves, among
    others of whom as many are high as low.

    Parameters
    ----------
    make : callable
        Makes a model of a population and a seed, such as
        ``lambda people, seed: CityModel(city, people, rng=seed)``; by rules, or with a language
        model and prompts.
    people : Population
        At least 20 adults.
    city : City
        Where they live.
    traits : iterable of str, optional
        Which of the Big Five; by default all of which something is published.
    seeds : iterable of int, default (7,)
        Seeds of the runs; two runs for each trait and seed.
    days : int, default 7
        Length of a run.
    people_seed : int, default 0
        Seed with which the people were synthesised.
    decided_by : str, default "rules"
        Who decides, for the table.

    Raises
    ------
    ConfigError
        If there are too few adults, no seed, or a trait is unknown.
    """
    import pandas as pd

    wanted = tuple(dict.fromkeys(one.trait for one in SIGNS) if traits is None else traits)
    for trait in wanted:
        check_trait(trait)
    ids = np.array([one.id for one in people if one.age >= _ADULT_AGE], dtype=np.int64)
    of_seeds = tuple(seeds)
    _check(ids, of_seeds, days)
    rows = []
    for trait in wanted:
        arms = [
            _lived(make, people, trait, ids, city=city, seed=seed, days=days, drawn=people_seed)
            for seed in of_seeds
        ]
        rows += list(_effects(trait, arms))
    return TraitCheck(effects=pd.DataFrame(rows), decided_by=decided_by)


def gap_of(correlation: ArrayLike) -> Float:
    """Return how far high and low are apart, if a trait and a behaviour are correlated so.

    Between the means of the highest and the lowest third of a trait that is normally distributed,
    in standard deviations of the behaviour among people of one level.

    Parameters
    ----------
    correlation : array_like
        Correlation over persons, in (-1, 1).

    Examples
    --------
    >>> gap_of([0.1, 0.23]).round(2)
    array([0.22, 0.52])
    """
    r = np.asarray(correlation, dtype=np.float64)
    gap: Float = _TERTILE_GAP_SD * r / np.sqrt(1.0 - r**2)
    return gap


def correlation_of(gap: ArrayLike) -> Float:
    """Return the correlation that would give such a gap; the reverse of `gap_of`.

    Examples
    --------
    >>> correlation_of(gap_of(0.23)).round(2)
    np.float64(0.23)
    """
    apart = np.asarray(gap, dtype=np.float64)
    return apart / np.sqrt(_TERTILE_GAP_SD**2 + apart**2)


def _check(ids: Int, seeds: tuple[int, ...], days: int) -> None:
    if len(ids) < _FEWEST or not seeds or days < 1:
        message = (
            f"there are {len(ids)} adults, {len(seeds)} seeds and {days} days; at least {_FEWEST} "
            "adults, a seed and a day are needed"
        )
        raise ConfigError(message)


def _lived(
    make: MakeModel,
    people: Population,
    trait: str,
    ids: Int,
    *,
    city: City,
    seed: int,
    days: int,
    drawn: int,
) -> _Arms:
    """Return what people do when their trait is low, and when it is high."""
    is_first = streams.rng(seed, 0, f"trait halves {trait}", 0).permutation(len(ids)) % 2 == 0
    found = []
    for is_high in (is_first, ~is_first):
        levels = np.where(is_high, _HIGH, _LOW)
        given = dict(zip(ids.tolist(), levels.tolist(), strict=True))
        model = make(with_trait(people, trait, given, city=city, seed=drawn), seed)
        model.run_days(days)
        found.append(behaviour_table(model, ids))
    one, other = found
    return _Arms(
        low={name: np.where(is_first, other[name], one[name]) for name in BEHAVIOURS},
        high={name: np.where(is_first, one[name], other[name]) for name in BEHAVIOURS},
    )


def _effects(trait: str, arms: list[_Arms]) -> Iterator[dict[str, object]]:
    published = {(one.trait, one.behaviour): one for one in SIGNS}
    for name in BEHAVIOURS:
        # A person of several seeds is one person: they count once, by their mean.
        low = np.mean([one.low[name] for one in arms], axis=0)
        high = np.mean([one.high[name] for one in arms], axis=0)
        yield _effect(trait, name, low, high, published.get((trait, name)))


def _effect(
    trait: str, behaviour: str, low: Float, high: Float, known: PublishedSign | None
) -> dict[str, object]:
    change = high - low
    half = _NORMAL_95 * float(change.std(ddof=1)) / np.sqrt(len(change))
    between = float(np.sqrt((low.var(ddof=1) + high.var(ddof=1)) / 2.0))
    difference = float(change.mean())
    begin, end = difference - half, difference + half
    gap = difference / between if between > 0.0 else np.nan
    return {
        "trait": trait,
        "behaviour": behaviour,
        "low": float(low.mean()),
        "high": float(high.mean()),
        "difference": difference,
        "from": begin,
        "to": end,
        "gap_sd": gap,
        "correlation": float(correlation_of(gap)),
        "published": np.nan if known is None else float(known.sign),
        "published_correlation": None if known is None else known.correlation,
        "verdict": "" if known is None else _verdict(known.sign, begin, end),
        "people": len(change),
        "source": "" if known is None else known.source,
    }


def _verdict(sign: int, begin: float, end: float) -> str:
    found = 1 if begin > 0.0 else -1 if end < 0.0 else 0
    if found == sign:
        return "as published" if sign else "none, as published"
    if not found:
        return "not seen"
    return "the opposite of what is published" if sign else "a sign, where none is published"
