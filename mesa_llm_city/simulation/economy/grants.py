"""Transfers that are being paid in a city, and how they are paid for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.economy import in_cents

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["FUNDINGS", "Grant", "due_of"]

FUNDINGS = ("issued", "levy", "outside")
"""New money, a levy on this month's wages, or somebody outside the city."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A transfer that is paid each month until it ends.

    Parameters
    ----------
    amount : float
        Currency a month and person.
    funding : str
        One of `FUNDINGS`.
    """

    amount: float
    funding: str


def due_of(
    grant: Grant, entitled: Iterable[CityAgent], accounts: dict[int, int]
) -> tuple[Int, Int]:
    """Return the accounts of those entitled to a transfer, and the cents of each.

    Parameters
    ----------
    grant : Grant
        The transfer.
    entitled : iterable of CityAgent
        Who is meant; people without an account get nothing.
    accounts : dict of int to int
        Rows of accounts by id of the person.
    """
    rows = [accounts[one.person] for one in entitled if one.person in accounts]
    found = np.array(rows, dtype=np.int64)
    return found, np.full(len(found), int(in_cents(grant.amount)), dtype=np.int64)
