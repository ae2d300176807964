"""Opening hours of files: which calendar they need, and what the notes say of them."""

from __future__ import annotations

from collections import Counter

import numpy as np

from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.core.hours_holidays import names_public_holidays, names_school_holidays
from mesa_llm_city.core.hours_text import names_sun
from mesa_llm_city.core.local_calendar import NOWHERE, LocalCalendar
from mesa_llm_city.core.opening_hours import read_hours

__all__ = ["calendar_for", "notes_on_hours"]

_SHOWN = 3
_LONGEST_SHOWN = 40


def calendar_for(draft: Draft, country: str | None) -> LocalCalendar:
    """Return public holidays and sun for the opening hours of rows in degrees.

    Parameters
    ----------
    draft : Draft
        Rows of the files.
    country : str, optional
        Two letters of ISO 3166; by default the country in which the places lie. It is
        looked up only if the opening hours of a row depend on it.
    """
    texts = _dated(draft)
    if any(map(names_sun, texts)) or (country is None and any(map(names_public_holidays, texts))):
        middle = int(np.argsort(draft.y)[len(draft) // 2])
        return LocalCalendar.at(float(draft.y[middle]), float(draft.x[middle]), country)
    return NOWHERE if country is None else LocalCalendar.of(country)


def notes_on_hours(draft: Draft, calendar: LocalCalendar) -> list[str]:
    """Say which opening hours could not be read, and which holidays count."""
    texts, notes = _dated(draft), []
    unread = Counter(text for text in draft.hours if text and read_hours(text) is None)
    if unread:
        shown = ", ".join(
            f"{text[:_LONGEST_SHOWN]!r} {n}" for text, n in unread.most_common(_SHOWN)
        )
        more = f", and {len(unread) - _SHOWN} other wordings" if len(unread) > _SHOWN else ""
        problem = f"{unread.total()} opening hours could not be read; those of the kind are used"
        notes.append(f"{problem}: {shown}{more}")
    if public := sum(map(names_public_holidays, texts)):
        notes.append(f"{public} opening hours name public holidays: {_known(calendar)}")
    if school := sum(map(names_school_holidays, texts)):
        why = "there is no calendar of them, so the hours outside of them are used"
        notes.append(f"{school} opening hours name school holidays: {why}")
    return notes


def _dated(draft: Draft) -> list[str]:
    """Return the opening hours that depend on more than the day of the week."""
    found = [read_hours(text) for text in draft.hours if text]
    return [hours for hours in found if isinstance(hours, str)]


def _known(calendar: LocalCalendar) -> str:
    """Say where the public holidays come from."""
    if not calendar.public_holidays:
        return (
            "none are known where the city lies, so only holidays of the run count; "
            "country='FI' (--country FI) would take those of a country"
        )
    return f"those of {calendar.country} count, and holidays of the run"
