"""Tables of a run: outcomes of groups by month, and flows of money by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.basic_income.model import OUTCOMES, BasicIncome

from mesa_llm_city.economy import Accounts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flows", "groups"]


def groups(model: BasicIncome) -> pd.DataFrame:
    """Return the means of the outcomes by month, of those treated and of the others.

    Columns: month (1 for the first), group, people, the outcomes, and the share who work.
    """
    import pandas as pd

    rows = []
    for is_treated, name in ((True, "treated"), (False, "control")):
        who = model.is_treated == is_treated
        if not who.any():
            continue
        kept = model.outcomes[: model.month, :, who]
        frame = pd.DataFrame(dict(zip(OUTCOMES, kept.mean(axis=2).T, strict=True)))
        frame["working"] = (kept[:, OUTCOMES.index("hours")] > 0.0).mean(axis=1)
        frame.insert(0, "month", np.arange(1, model.month + 1))
        frame.insert(1, "group", name)
        frame.insert(2, "people", int(who.sum()))
        rows.append(frame)
    return pd.concat(rows, ignore_index=True)


def flows(accounts: Accounts, step_min: int) -> pd.DataFrame:
    """Return how much was paid for what in each month, by kind of payer and payee, in cents."""
    frame = accounts.payments()
    frame["month"] = frame["minute"] // step_min + 1
    keys = ["month", "what", "payer_kind", "payee_kind"]
    return frame.groupby(keys, sort=True)[["cents"]].sum().reset_index()
