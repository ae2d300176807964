"""Days and hours of work and school, and the way there."""

from __future__ import annotations

from collections.abc import Iterator

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap

__all__ = ["CommutingParameters", "WorkParameters", "day_mask"]

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TWO_DAYS_OFF = (
    *("We-Su", "Mo,Th-Su", "Mo-Tu,Fr-Su", "Mo-We,Sa-Su", "Mo-Th,Su"),
    *("Mo-Fr", "Tu-Sa"),
)


def day_mask(days: str) -> int:
    """Return days of the week as seven bits, Monday the lowest.

    Parameters
    ----------
    days : str
        As in OpenStreetMap's opening hours: ``"Mo-Fr"``, ``"Mo,We,Fr"``.

    Raises
    ------
    ValueError
        If it names no days.

    Examples
    --------
    >>> day_mask("Mo-Fr"), day_mask("Mo,We,Fr")
    (31, 21)
    """
    bits = 0
    for part in days.split(","):
        ends = [_DAYS.index(end.strip()) for end in part.split("-")]
        for day in range(ends[0], ends[-1] + 1):
            bits |= 1 << day
    return bits


class CommutingParameters(Branch):
    """How far people go to work and to school, and how long that takes them at most."""

    beta_per_km: float = parameter(
        0.2,
        "Decay with distance of the pull of workplaces and places of higher education; the mean "
        "trip is 2 / beta where these spread evenly",
        unit="1/km",
        ge=0,
        le=100,
    )
    school_beta_per_km: float = parameter(
        2.0, "Decay with distance of the pull of schools for pupils", unit="1/km", ge=0, le=100
    )
    by_cells_from: int = parameter(
        5000,
        "Number of workplaces or schools from which those of single persons are drawn cell by "
        "cell, with the same chances as among few",
        unit="places",
        ge=1,
    )
    self_employed_at_home: float = parameter(
        0.4, "Share of the self-employed who work at home", ge=0, le=1
    )
    fixed_min: float = parameter(
        10.0, "Part of the usual way that does not grow with distance", unit="min", ge=0
    )
    min_per_km: float = parameter(4.0, "Minutes of the usual way by distance", unit="min/km", ge=0)
    longest_min: float = parameter(120.0, "Longest usual way", unit="min", ge=0)


class WorkParameters(Branch):
    """Days and hours of duties by occupation; each entry of a list is equally likely."""

    days: FrozenMap[str, tuple[str, ...]] = parameter(
        FrozenMap(
            {
                "pupil": ("Mo-Fr",),
                "student": ("Mo-Fr", "Mo-Fr", "Mo-Th", "Tu-Fr", "Mo,We,Fr"),
                "office_worker": (*("Mo-Fr",) * 12, "Mo-Sa"),
                "service_worker": (*_TWO_DAYS_OFF[:5], "Tu-We,Fr-Su", "Mo-Tu,Th-Sa", "Mo-Fr"),
                "shift_worker": _TWO_DAYS_OFF,
                "self_employed": (
                    *("Mo-Fr", "Mo-Fr", "Mo-Sa", "Mo-Sa"),
                    *("Tu-Su", "Mo-Tu,Th-Su"),
                ),
            }
        ),
        "Days of work or school, by occupation",
        unit="days",
    )
    start_min: FrozenMap[str, tuple[int, ...]] = parameter(
        FrozenMap(
            {
                "pupil": (510,),
                "student": (540, 540, 640, 640, 780),
                "office_worker": (480, 510, 510, 510, 540, 540, 540, 540, 540, 570, 600),
                "service_worker": (480, 540, 540, 570, 600, 600, 660, 720, 780),
                "shift_worker": (360, 360, 840, 840, 1320),
                "self_employed": (480, 510, 540, 540, 570, 600, 600, 660),
            }
        ),
        "When work or school begins, by occupation",
        unit="min",
    )
    minutes: FrozenMap[str, tuple[int, ...]] = parameter(
        FrozenMap(
            {
                "pupil": (420,),
                "student": (180, 270, 360, 420),
                "office_worker": (510, 540, 540, 540, 570, 600, 660),
                "service_worker": (480, 510, 540, 540, 540, 600),
                "shift_worker": (480,),
                "self_employed": (420, 480, 540, 540, 600, 660),
            }
        ),
        "From begin to end, breaks included, by occupation",
        unit="min",
    )
    young_pupil_under: int = parameter(
        12, "Age under which pupils have a shorter day", unit="years", ge=0
    )
    young_pupil_minutes: int = parameter(
        390, "Length of the day of young pupils", unit="min", ge=0, le=1440
    )
    part_time_jobs: tuple[str, ...] = parameter(
        ("office_worker", "service_worker"), "Occupations with part-timers", unit="", source=""
    )
    part_time_minutes: int = parameter(
        300, "Length of a part-timer's day", unit="min", ge=0, le=1440
    )
    part_time_men: float = parameter(
        0.14,
        "Share of part-timers among men in these jobs",
        ge=0,
        le=1,
        source=(
            "Labour Force Survey 2020 of Japan: 22 % non-regular; that two thirds of these are "
            "part-time is assumed"
        ),
    )
    part_time_women_more: float = parameter(
        0.22,
        "How much larger the share is among women",
        ge=-1,
        le=1,
        source=(
            "Labour Force Survey 2020 of Japan: 54 % non-regular; that two thirds of these are "
            "part-time is assumed"
        ),
    )
    part_time_older: float = parameter(
        0.6, "Share of part-timers among older people in these jobs", ge=0, le=1
    )
    older_from: int = parameter(
        65, "Age from which the share of part-timers is that of older people", unit="years", ge=0
    )
    late_part_time_share: float = parameter(0.4, "Share of part-timers who begin later", ge=0, le=1)
    late_part_time_min: int = parameter(
        240, "How much later late part-timers begin", unit="min", ge=0, le=1440
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield days and hours that are none, and jobs in one table only."""
        for job, lists in self.days.items():
            for days in lists:
                if not _are_days(days):
                    yield Defect(f"days.{job}", f"got {days!r}; accepted are days like 'Mo-Fr'")
        for name in ("start_min", "minutes"):
            for job, minutes in getattr(self, name).items():
                if not minutes or not all(0 <= one <= 1440 for one in minutes):
                    problem = f"got {minutes}; accepted are some minutes from 0 to 1440"
                    yield Defect(f"{name}.{job}", problem)


def _are_days(days: str) -> bool:
    try:
        return day_mask(days) > 0
    except ValueError:
        return False
