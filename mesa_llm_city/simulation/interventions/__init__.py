"""Interventions: what changes people or the world in the middle of a run, as data.

Each kind is a file; `registry.KINDS` lists them. ``docs/reference/interventions.md`` has the
fields of each. In Python they are made by the functions that are exported here, in TOML they are
tables ``[[interventions]]`` with a ``kind``.
"""

from __future__ import annotations

from mesa_llm_city.simulation.interventions.acts import Act
from mesa_llm_city.simulation.interventions.add import Add
from mesa_llm_city.simulation.interventions.base import Applied, Intervention, Moment, Span
from mesa_llm_city.simulation.interventions.close import Close
from mesa_llm_city.simulation.interventions.event import HoldEvent
from mesa_llm_city.simulation.interventions.files import (
    intervention_toml,
    interventions_of,
    read_intervention_file,
)
from mesa_llm_city.simulation.interventions.hurricane_preset import hurricane_interventions
from mesa_llm_city.simulation.interventions.open import Open
from mesa_llm_city.simulation.interventions.registry import KINDS, read_interventions
from mesa_llm_city.simulation.interventions.remove import Remove
from mesa_llm_city.simulation.interventions.schedule import Schedule
from mesa_llm_city.simulation.interventions.set import Set
from mesa_llm_city.simulation.interventions.tell import Tell
from mesa_llm_city.simulation.interventions.transfer import Transfer
from mesa_llm_city.simulation.interventions.wake import Wake

__all__ = [
    "KINDS",
    "Act",
    "Add",
    "Applied",
    "Close",
    "HoldEvent",
    "Intervention",
    "Moment",
    "Open",
    "Remove",
    "Schedule",
    "Set",
    "Span",
    "Tell",
    "Transfer",
    "Wake",
    "add",
    "change",
    "close",
    "event",
    "hurricane_interventions",
    "intervention_toml",
    "interventions_of",
    "read_intervention_file",
    "read_interventions",
    "remove",
    "reopen",
    "tell",
    "transfer",
    "wake",
]

close = Close
event = HoldEvent
reopen = Open
change = Set
tell = Tell
transfer = Transfer
wake = Wake
add = Add
remove = Remove
