"""Outsiders: people who live outside a district, enter it at a gate, and leave again.

`outsider` holds what makes a person one, `entries` who of them enters on which day and when,
`counts` the table that says how many, and `making` turns counts into persons.
"""

from __future__ import annotations

from mesa_llm_city.population.outsiders.counts import EntryCount, Gate, Outsiders
from mesa_llm_city.population.outsiders.entries import Entries
from mesa_llm_city.population.outsiders.outsider import Outsider, OutsiderRole

__all__ = ["Entries", "EntryCount", "Gate", "Outsider", "OutsiderRole", "Outsiders"]
