"""The experiments of the CitySim paper that can be repeated, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["EXPERIMENTS", "Experiment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment of the paper (Bougie and Watanabe 2025, CitySim).

    Parameters
    ----------
    name : str
        Name on the command line.
    section, exhibit : str
        Section of the paper, and its figure or table.
    shows : str
        What it shows, in a sentence.
    paper : str
        Settings and data of the paper.
    tables : tuple of str
        Observed tables that it can be compared with.
    citizens, days : int
        Default size of a run.
    paper_days : str
        Length of the paper's run; empty if the paper does not say.
    module : str
        Module of this package whose `conduct` does it.
    """

    name: str
    section: str
    exhibit: str
    shows: str
    paper: str
    tables: tuple[str, ...]
    citizens: int
    days: int
    module: str
    paper_days: str = ""

    @property
    def source(self) -> str:
        """Where it is in the paper."""
        return f"CitySim, sec. {self.section}, {self.exhibit}"


_ROWS = (
    Experiment(
        name="time-use",
        section="4.1",
        exhibit="figure 1",
        shows="Share of the day by activity and age group.",
        paper="1,000 people in Tokyo for two months, by GPT-4o-mini; Japanese survey of 2021",
        tables=("time_use",),
        citizens=200,
        days=7,
        module="time_use",
        paper_days="two months",
    ),
    Experiment(
        name="travel",
        section="4.3",
        exhibit="figure 3",
        shows="Trips by hour on weekdays and weekends, and by mode and length.",
        paper="1,000 people in Tokyo, by GPT-4o-mini; trips of a data set that is not public",
        tables=("departures", "modes"),
        citizens=200,
        days=7,
        module="travel",
    ),
    Experiment(
        name="popularity",
        section="4.4",
        exhibit="figure 4",
        shows="Visits to places, and how popular these are.",
        paper="1,000 people in Shibuya for a month, by GPT-4o-mini; ratings of Google Maps",
        tables=("popularity",),
        citizens=200,
        days=14,
        module="popularity",
        paper_days="a month",
    ),
    Experiment(
        name="well-being",
        section="4.5",
        exhibit="table 1",
        shows="A survey about well-being, answered by people with the personas of respondents.",
        paper="1,200 respondents in Japan, three weeks, by GPT-4o-mini; answers not public",
        tables=("well_being",),
        citizens=200,
        days=14,
        module="well_being",
        paper_days="three weeks",
    ),
    Experiment(
        name="density",
        section="4.6",
        exhibit="figure 5",
        shows="Density of people on a mesh.",
        paper="1,000 people in Shibuya, by GPT-4o-mini; positions of smartphones",
        tables=("counts",),
        citizens=200,
        days=7,
        module="density",
    ),
    Experiment(
        name="needs",
        section="C.3",
        exhibit="figure 7",
        shows="Needs of five very different people over a day.",
        paper="five people for a day, by GPT-4o-mini; no data",
        tables=(),
        citizens=5,
        days=2,
        module="needs",
        paper_days="one",
    ),
    Experiment(
        name="beliefs",
        section="C.4",
        exhibit="figure 8",
        shows="Error of beliefs about places that were not visited, by kind of place.",
        paper="ten language models; ratings of places that are not public",
        tables=("beliefs",),
        citizens=100,
        days=14,
        module="beliefs",
    ),
    Experiment(
        name="ablations",
        section="C.5",
        exhibit="table 4",
        shows="How behaviour changes when a component is left out.",
        paper="1,000 people in Tokyo, by GPT-4o-mini; graded by GPT-4o from 1 to 5",
        tables=("time_use", "departures", "modes", "popularity", "counts"),
        citizens=60,
        days=7,
        module="ablations",
    ),
)

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType({row.name: row for row in _ROWS})
"""The experiments by name."""
