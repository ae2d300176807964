"""What opening hours need to know of where a place lies: public holidays and the sun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    from opening_hours import OpeningHours  # imported only where it is used

__all__ = ["NOWHERE", "LocalCalendar"]

_FIRST_YEAR = 1990
_LAST_YEAR = 2075


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCalendar:
    """Public holidays of a country, and where the sun rises.

    Parameters
    ----------
    country : str
        Where the holidays are taken from: a code of ISO 3166, or the time zone of the city;
        empty if there is none.
    public_holidays : frozenset of datetime.date
        Those from 1990 to 2075.
    position : (float, float), optional
        Latitude and longitude in degrees; without it the sun rises at 7 and sets at 19 o'clock.
    timezone : str
        Name of the time zone, such as ``"Europe/Helsinki"``.

    Examples
    --------
    >>> finland = LocalCalendar.of("FI")
    >>> date(2024, 12, 6) in finland.public_holidays
    True
    """

    country: str = ""
    public_holidays: frozenset[date] = frozenset()
    position: tuple[float, float] | None = None
    timezone: str = ""

    @classmethod
    def of(cls, country: str) -> LocalCalendar:
        """Return the calendar of a country.

        Parameters
        ----------
        country : str
            Two letters of ISO 3166, such as ``"FI"``.

        Raises
        ------
        ConfigError
            If no public holidays of that country are known.
        """
        # The stubs of the library lack its errors.
        from opening_hours import OpeningHours, UnknownCountryError  # type: ignore[attr-defined]

        code = str(country).strip().upper()
        try:
            hours = OpeningHours("PH", country=code)
        except UnknownCountryError as error:
            message = (
                f"no public holidays are known for country {country!r}; give two letters of "
                "ISO 3166 such as FI, or leave it out and give holidays of your own"
            )
            raise ConfigError(message) from error
        return cls(country=code, public_holidays=_holidays(hours))

    @classmethod
    def at(cls, lat: float, lon: float, country: str | None = None) -> LocalCalendar:
        """Return the calendar of a point in degrees, or of a country with the sun of that point.

        Where no country or no holidays of it are known, there are none. The first call loads a
        map of all countries (about 100 MB, 0.3 s).
        """
        from opening_hours import OpeningHours

        position = (float(lat), float(lon))
        zone = _timezone(OpeningHours("Mo", coords=position))
        if country is not None:
            own = cls.of(country)
            holidays, code = own.public_holidays, own.country
        else:
            hours = OpeningHours("PH", coords=position, auto_timezone=False)
            holidays = _holidays(hours)
            code = zone if holidays else ""
        return cls(country=code, public_holidays=holidays, position=position, timezone=zone)


def _holidays(hours: OpeningHours) -> frozenset[date]:
    """Return the days of hours that are open on public holidays only."""
    from opening_hours import State

    first, last = datetime(_FIRST_YEAR, 1, 1), datetime(_LAST_YEAR + 1, 1, 1)  # noqa: DTZ001
    days: set[date] = set()
    for start, end, state, _ in hours.intervals(first, last):
        if state == State.OPEN:
            # The stubs of the library do not say that an end may be missing.
            until = last if cast("datetime | None", end) is None else end
            days.update(map(date.fromordinal, range(start.toordinal(), until.toordinal())))
    return frozenset(days)


def _timezone(hours: OpeningHours) -> str:
    """Return the name of the time zone that hours are in; empty if it has none."""
    first, last = datetime(2024, 1, 1), datetime(2024, 1, 2)  # noqa: DTZ001 - local time
    start = next(iter(hours.intervals(first, last)))[0]
    return str(getattr(start.tzinfo, "key", ""))


NOWHERE = LocalCalendar()
"""The calendar of a city that lies nowhere: no public holidays."""
