"""From verdicts to outcomes of pairs: both orders together, and whose item is preferred."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.experiments.judges.agreement import cohen_kappa
from mesa_llm_city.experiments.judges.item import CRITERIA, Choice, ItemKind
from mesa_llm_city.experiments.judges.item_set import ItemSet
from mesa_llm_city.experiments.judges.strengths import bradley_terry
from mesa_llm_city.experiments.judges.verdicts import (
    JudgeKind,
    Rating,
    Verdict,
    swapped_choice,
)
from mesa_llm_city.experiments.judges.wilson import wilson_interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "agreement_table",
    "both_orders",
    "outcome_table",
    "position_table",
    "rating_table",
    "strength_table",
    "win_table",
]

_BY = ["judge", "judge_kind", "kind", "criterion"]


def both_orders(choices: Sequence[Choice]) -> Choice:
    """Return the outcome of a pair: what was said in each order, a tie if they differ.

    A judge who prefers what comes first has so preferred nothing (Zheng et al. 2023, Judging
    LLM-as-a-judge, sec. 3.4: a win only if it is one in both orders).

    Examples
    --------
    >>> both_orders(["first", "first"]), both_orders(["first", "tie"]), both_orders(["second"])
    ('first', 'tie', 'second')
    """
    return choices[0] if len(set(choices)) == 1 else "tie"


def outcome_table(items: ItemSet, verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return one row for each judge, pair and criterion.

    Returns
    -------
    pandas.DataFrame
        ``judge``, ``judge_kind``, ``pair``, ``kind``, ``criterion``; ``run`` and ``other``, in
        the order of the runs; ``choice``, first standing for ``run``; ``orders``, in how many
        orders it was shown; ``changed``, whether the choice changed with the order.
    """
    import pandas as pd

    said: dict[tuple[str, str], list[Verdict]] = {}
    for one in verdicts:
        said.setdefault((one.judge, one.pair), []).append(one)
    order = {label: place for place, label in enumerate(items.runs)}
    kinds, run_of = items.by_id, items.run_of
    pairs = {one.id: one for one in items.pairs}
    rows: list[dict[str, Any]] = []
    for (judge, name), some in said.items():
        if (pair := pairs.get(name)) is None:
            continue
        runs = run_of[pair.first], run_of[pair.second]
        is_turned = order[runs[0]] > order[runs[1]]
        run, other = runs[::-1] if is_turned else runs
        for criterion in CRITERIA:
            choices: list[Choice] = [getattr(one, criterion) for one in some]
            choice = both_orders(choices)
            rows.append(
                {
                    "judge": judge,
                    "judge_kind": some[0].judge_kind,
                    "pair": name,
                    "kind": kinds[pair.first].kind,
                    "criterion": criterion,
                    "run": run,
                    "other": other,
                    "choice": swapped_choice(choice) if is_turned else choice,
                    "orders": len(some),
                    "changed": len(set(choices)) > 1,
                }
            )
    columns = [*_BY[:2], "pair", *_BY[2:], "run", "other", "choice", "orders", "changed"]
    return pd.DataFrame(rows, columns=columns)


def win_table(outcomes: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return how often the items of a run were preferred to those of another.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        From `outcome_table`.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    pandas.DataFrame
        ``pairs``, ``wins``, ``ties`` and ``losses`` of ``run`` against ``other``; ``share``, wins
        and half of the ties among all, with Wilson's interval ``low`` to ``high``.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    by = [*_BY, "run", "other"]
    for names, some in outcomes.groupby(by, sort=False):
        wins, losses, ties = (int((some["choice"] == one).sum()) for one in _CHOICES)
        share = wilson_interval(wins + 0.5 * ties, len(some), level=level)
        counted = {"pairs": len(some), "wins": wins, "ties": ties, "losses": losses}
        interval = {"share": share.value, "low": share.low, "high": share.high}
        rows.append({**dict(zip(by, names, strict=True)), **counted, **interval})
    columns = [*by, "pairs", "wins", "ties", "losses", "share", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def strength_table(wins: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return the strength of each run by `bradley_terry`, and its mean share of wins.

    Parameters
    ----------
    wins : pandas.DataFrame
        From `win_table`.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    pandas.DataFrame
        ``run``; ``strength``, ``low`` and ``high``, logarithms with mean 0; ``share``, the mean
        of its shares against the others (CitySim, fig. 2).
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for names, some in wins.groupby(_BY, sort=False):
        runs = list(dict.fromkeys([*some["run"], *some["other"]]))
        won, drawn = _matrices(some, runs)
        fitted = bradley_terry(won, drawn, level=level)
        trials = won + won.T + drawn
        shares = np.divide(
            won + 0.5 * drawn, trials, where=trials > 0, out=np.full(trials.shape, np.nan)
        )
        for row, run in enumerate(runs):
            rows.append(
                {
                    **dict(zip(_BY, names, strict=True)),
                    "run": run,
                    "strength": fitted.value[row],
                    "low": fitted.low[row],
                    "high": fitted.high[row],
                    "share": float(np.nanmean(shares[row])),
                }
            )
    return pd.DataFrame(rows, columns=[*_BY, "run", "strength", "low", "high", "share"])


def position_table(verdicts: Sequence[Verdict], outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return how far each judge goes by the order in which items are shown.

    Returns
    -------
    pandas.DataFrame
        ``judge``; ``decided``, verdicts overall that are no ties; ``shown_first``, the share of
        these that prefer what was shown first, with ``low`` and ``high``; ``changed``, the
        share of pairs whose outcome changed with the order; NaN if none was shown in both.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for judge in dict.fromkeys(one.judge for one in verdicts):
        mine = [one for one in verdicts if one.judge == judge and one.overall != "tie"]
        first = [one for one in mine if (one.overall == "second") == one.swapped]
        share = wilson_interval(len(first), len(mine))
        twice = outcomes[
            (outcomes["judge"] == judge)
            & (outcomes["criterion"] == "overall")
            & (outcomes["orders"] > 1)
        ]
        changed = float(twice["changed"].mean()) if len(twice) else np.nan
        rows.append(
            {
                "judge": judge,
                "decided": len(mine),
                "shown_first": share.value,
                "low": share.low,
                "high": share.high,
                "changed": changed,
            }
        )
    names = ["judge", "decided", "shown_first", "low", "high", "changed"]
    return pd.DataFrame(rows, columns=names)


def rating_table(items: ItemSet, ratings: Sequence[Rating], *, level: float = 0.95) -> pd.DataFrame:
    """Return the ratings of each run by kind of item, as CitySim, table 3.

    Returns
    -------
    pandas.DataFrame
        ``judge``, ``judge_kind``, ``kind``, ``run``, ``items``; ``mean`` and ``sd`` of the
        scores, and the interval ``low`` to ``high`` of the mean, by the distribution of Student.
    """
    import pandas as pd

    from mesa_llm_city.experiments.futures.difference import paired_interval

    names = ["judge", "judge_kind", "kind", "run"]
    known, run_of = items.by_id, items.run_of
    scores: dict[tuple[str, JudgeKind, ItemKind, str], list[float]] = {}
    for one in ratings:
        if one.item in known:
            key = one.judge, one.judge_kind, known[one.item].kind, run_of[one.item]
            scores.setdefault(key, []).append(float(one.score))
    rows: list[dict[str, Any]] = []
    for key, some in sorted(scores.items(), key=lambda pair: _place(items, pair[0])):
        values = np.array(some)[:, np.newaxis]
        low, high = paired_interval(values, level=level)
        sd = float(values.std(ddof=1)) if len(values) > 1 else np.nan
        summary = {"items": len(some), "mean": float(values.mean()), "sd": sd}
        rows.append(
            {**dict(zip(names, key, strict=True)), **summary, "low": low[0], "high": high[0]}
        )
    return pd.DataFrame(rows, columns=[*names, "items", "mean", "sd", "low", "high"])


def agreement_table(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return how far each two judges agree on the same pairs, overall.

    Returns
    -------
    pandas.DataFrame
        ``judge``, ``other_judge``, ``pairs``, ``observed`` and ``kappa`` (see `cohen_kappa`).
    """
    import pandas as pd

    rows = outcomes[outcomes["criterion"] == "overall"]
    by_judge = {
        str(judge): dict(zip(some["pair"], some["choice"], strict=True))
        for judge, some in rows.groupby("judge", sort=False)
    }
    found: list[dict[str, Any]] = []
    for (judge, mine), (other, theirs) in combinations(by_judge.items(), 2):
        both = [pair for pair in mine if pair in theirs]
        agreed = cohen_kappa([mine[one] for one in both], [theirs[one] for one in both])
        measures = {"pairs": agreed.cases, "observed": agreed.observed, "kappa": agreed.kappa}
        found.append({"judge": judge, "other_judge": other, **measures})
    return pd.DataFrame(found, columns=["judge", "other_judge", "pairs", "observed", "kappa"])


_CHOICES: tuple[Choice, Choice, Choice] = ("first", "second", "tie")


def _matrices(wins: pd.DataFrame, runs: Sequence[str]) -> tuple[Any, Any]:
    """Return wins of the row over the column, and ties."""
    place = {run: row for row, run in enumerate(runs)}
    won = np.zeros((len(runs), len(runs)), dtype=np.int64)
    drawn = np.zeros_like(won)
    for one in wins.to_dict("records"):
        a, b = place[str(one["run"])], place[str(one["other"])]
        won[a, b] += one["wins"]
        won[b, a] += one["losses"]
        drawn[a, b] += one["ties"]
        drawn[b, a] += one["ties"]
    return won, drawn


def _place(items: ItemSet, key: tuple[str, JudgeKind, ItemKind, str]) -> tuple[str, int, int]:
    judge, _, kind, run = key
    return judge, items.kinds.index(kind), list(items.runs).index(run)
