"""Parameters of the attraction of places."""

from __future__ import annotations

from mesa_llm_city.parameters.base import Branch, parameter, switch

__all__ = ["AttractionParameters"]


class AttractionParameters(Branch):
    """How strongly places draw people where the files do not say so."""

    estimated: bool = switch(
        "Whether the attraction of places is estimated from their kind, size, rating and vicinity "
        "where the files do not say it",
        default=False,
    )
    visitors_per_job: float = parameter(
        10.0,
        "Visitors a day for each job at places of kinds whose visitors the table does not tell",
        unit="visitors/job",
        gt=0,
        source="ITE Trip Generation: shops about 12, health 1.5 to 5, cafes 20 to 30; one for all",
    )
    size_exponent: float = parameter(
        1.0,
        "Exponent of the size of a place within its kind",
        ge=0,
        le=3,
        source="Huff (1964), Journal of Marketing 28(3), 34-38",
    )
    rating_effect: float = parameter(
        0.34,
        "What a rating of 1 instead of 0 adds to the logarithm of the attraction",
        ge=-5,
        le=5,
        source="Luca (2016), HBS working paper 12-016: 5 to 9 % of revenue for one of five stars",
    )
    vicinity_exponent: float = parameter(
        0.5,
        "Exponent of the number of places in the vicinity; 0 leaves them out",
        ge=0,
        le=3,
        source="Koster, Pasidis and van Ommeren (2019), J. Urban Economics 114: elasticities of "
        "rents of shops of 0.25 to footfall and of 0.25 to shops in the vicinity",
    )
    station_exponent: float = parameter(
        0.25,
        "Exponent of one plus the entries of a station in the vicinity over their mean",
        ge=0,
        le=3,
        source="Koster, Pasidis and van Ommeren (2019): elasticity of rents to footfall",
    )
    vicinity_m: float = parameter(
        400.0,
        "How far the vicinity of a place reaches",
        unit="m",
        gt=0,
        source="assumption: five minutes on foot",
    )
    sigma: float = parameter(
        1.0,
        "Spread of attraction among places of a kind of which nothing is known, as the "
        "standard deviation of its logarithm",
        ge=0,
        le=3,
        source="assumption",
    )
