"""Columns and codes of ActivitySim, PopulationSim and the American Community Survey.

Sources: ActivitySim 1.6, example ``prototype_mtc`` (person types as in its documentation,
"ptype" 1 to 8; "pemploy" 1 to 4; "pstudent" 1 to 3; unit type and household type 0 for group
quarters); US Census Bureau, PUMS Data Dictionary 2022 (ESR, SCHL, TYPEHUGQ).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["HOUSEHOLD_COLUMNS", "HOUSEHOLD_KEYS", "PERSON_COLUMNS", "ForeignColumn"]

_OUT_OF_WORK = "homemaker|unemployed|retired"
_AT_SCHOOL = "pupil|infant"
# From 20 years on nobody is a pupil.
_TEENAGER_AT_SCHOOL = "pupil|student"

_PERSON_TYPES = {
    "1": "employed",
    "2": "employed",
    "3": "student",
    "4": _OUT_OF_WORK,
    "5": "retired|homemaker",
    "6": _TEENAGER_AT_SCHOOL,
    "7": _AT_SCHOOL,
    "8": _AT_SCHOOL,
}
_EMPLOYMENT = {"1": "employed", "2": "employed", "3": "not_employed", "4": _AT_SCHOOL}
_EMPLOYMENT_STATUS = {
    **dict.fromkeys(("1", "2", "4", "5"), "employed"),
    "3": "unemployed",
    "6": "not_employed",
    **dict.fromkeys(("0", "b"), None),
}
_SCHOOLING = {
    **{str(code): "none" for code in range(9)},
    **{str(code): "primary" for code in range(9, 16)},
    **{str(code): "secondary" for code in range(16, 20)},
    **{str(code): "tertiary" for code in range(20, 25)},
}
_CARS = {"0": "no", **{str(count): "yes" for count in range(1, 100)}, "-1": None}


class ForeignColumn(NamedTuple):
    """A column of another tool.

    Attributes
    ----------
    name : str
        Its name, in lower case.
    ours : str
        The column of a table of people that it stands for.
    codes : mapping of str to str or None, optional
        What its codes mean; None for blank. Without any, cells are taken as they are.
    """

    name: str
    ours: str
    codes: Mapping[str, str | None] | None = None


HOUSEHOLD_KEYS = ("household_id", "unique_hh_id", "hhid", "hh_id", "householdid")
"""Columns by which people and households belong together; the first that is there counts.

PopulationSim draws a household of its sample (``hh_id``) several times, and numbers the copies
(``unique_hh_id``)."""

_OF_BOTH = (
    ForeignColumn("hhsize", "household_size"),
    ForeignColumn("np", "household_size"),
    ForeignColumn("home_zone_id", "home_zone"),
    ForeignColumn("taz", "home_zone"),
    ForeignColumn("maz", "home_zone"),
    ForeignColumn("hincp", "household_earnings"),
    ForeignColumn("hhincadj", "household_earnings"),
    ForeignColumn("household_income", "household_earnings"),
    ForeignColumn("auto_ownership", "has_car", _CARS),
    ForeignColumn("autos", "has_car", _CARS),
    ForeignColumn("vehicl", "has_car", _CARS),
    ForeignColumn("veh", "has_car", _CARS),
    ForeignColumn("unittype", "group_quarters", {"0": "no", "1": "yes", "2": "yes"}),
    ForeignColumn("typehugq", "group_quarters", {"1": "no", "2": "yes", "3": "yes"}),
    ForeignColumn(
        "hht", "group_quarters", {"0": "yes", **{str(code): "no" for code in range(1, 8)}}
    ),
)

HOUSEHOLD_COLUMNS = (
    *_OF_BOTH,
    ForeignColumn("persons", "household_size"),
    ForeignColumn("income", "household_earnings"),
)
"""Columns of a table of households."""

PERSON_COLUMNS = (
    ForeignColumn("person_id", "id"),
    ForeignColumn("perid", "id"),
    ForeignColumn("personid", "id"),
    *(ForeignColumn(name, "household_id") for name in HOUSEHOLD_KEYS[1:]),
    ForeignColumn("agep", "age"),
    ForeignColumn("sex", "gender"),
    ForeignColumn("ptype", "occupation", _PERSON_TYPES),
    ForeignColumn("pemploy", "occupation", _EMPLOYMENT),
    ForeignColumn("esr", "occupation", _EMPLOYMENT_STATUS),
    ForeignColumn("schl", "education", _SCHOOLING),
    ForeignColumn("earns", "earnings"),
    ForeignColumn("pernp", "earnings"),
    ForeignColumn("wagp", "earnings"),
    *_OF_BOTH,
)
"""Columns of a table of people; where two stand for the same, the first counts."""
