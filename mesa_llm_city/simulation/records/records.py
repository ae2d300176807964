"""All tables of a run together."""

from __future__ import annotations

from collections.abc import Sequence

from mesa_llm_city.simulation.records.columns import COLUMNS
from mesa_llm_city.simulation.records.needs_log import NeedsLog
from mesa_llm_city.simulation.records.table import Table

__all__ = ["Records"]


class Records:
    """All tables of a run.

    Parameters
    ----------
    needs : sequence of str
        Names of the needs.

    Attributes
    ----------
    activities, trips, visits, conversations, insights, decisions, messages : Table
        What people did, how they got there, how places were, who talked with whom,
        what was learnt, who decided what, who made what of messages.
    events : Table
        Who came, left, was born, died, married, moved house or changed work.
    needs : NeedsLog
        Hourly levels.
    interventions : Table
        What has been changed from outside.
    """

    __slots__ = (
        *("activities", "conversations", "decisions", "events", "insights", "interventions"),
        "messages",
        *("needs", "trips", "visits"),
    )

    def __init__(self, needs: Sequence[str]) -> None:
        self.activities = Table(COLUMNS["activities"])
        self.trips = Table(COLUMNS["trips"])
        self.visits = Table(COLUMNS["visits"])
        self.conversations = Table(COLUMNS["conversations"])
        self.insights = Table(COLUMNS["insights"])
        self.decisions = Table(COLUMNS["decisions"])
        self.events = Table(COLUMNS["events"])
        self.messages = Table(COLUMNS["messages"])
        self.needs = NeedsLog(needs)
        self.interventions = Table(COLUMNS["interventions"])
