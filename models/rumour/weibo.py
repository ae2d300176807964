"""Fit sharing to one half of observed cascades and report on the other, beside baselines.

``python -m mesa_llm_city.models.rumour.weibo --cascades FILE --graph FILE``
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from mesa_llm_city.models.rumour.fitted import FittedSharing
from mesa_llm_city.models.rumour.flow import ATTITUDE_SPREAD, MessageFlow, Messages
from mesa_llm_city.models.rumour.graphs import MADE_UP, graph_of
from mesa_llm_city.models.rumour.items import Item, many_items
from mesa_llm_city.models.rumour.model import Rumour

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.diffusion.baselines import (
    INDEPENDENT,
    INDEPENDENT_HUBS,
    LINEAR_THRESHOLD,
)
from mesa_llm_city.experiments.diffusion.broadcast import BROADCAST
from mesa_llm_city.experiments.diffusion.cascades import Cascades, read_shapes
from mesa_llm_city.experiments.diffusion.comparison import report
from mesa_llm_city.experiments.diffusion.fitting import Fitted, Selection, fit, halves
from mesa_llm_city.experiments.diffusion.mechanism import DELAYS, Mechanism
from mesa_llm_city.experiments.diffusion.random_numbers import CommonRandomNumbers
from mesa_llm_city.social.media.follower_graph import FollowerGraph

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RumourRules", "compare", "for_readers", "main"]

_DAYS = 14
_FIT_CASCADES, _FIT_BATCHES = 100, 3
_SOLVED = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class RumourRules:
    """The cascades of the model `Rumour` itself, by its rules, as a mechanism to compare.

    Parameters
    ----------
    name : str
        Name in tables.
    days : int, default 14
        Days of a run.
    """

    name: str = "model rumour"
    days: int = _DAYS

    def simulate(
        self,
        graph: FollowerGraph,
        values: Mapping[str, float],
        common: CommonRandomNumbers,
        *,
        batch: int = 0,
        hubs: int = 10,
        most: int | None = None,  # noqa: ARG002 - the model follows all
    ) -> Cascades:
        """Return the cascades of a run in which all items of a batch are posted on the first day.

        Items have nothing to do with each other. They begin with one of the `hubs` people with
        most followers.
        """
        numbers = FittedSharing(**values)
        seed = common.seed * 1_000 + batch
        tree = numbers.parameters().with_("social.sharing.broadcaster_share", hubs / graph.n)
        items = many_items(
            common.cascades,
            seed=seed,
            appeal_spread=numbers.appeal_spread,
            pace_spread=numbers.pace_spread,
            waking=tree.social.sharing,
        )
        model = Rumour(
            graph, days=self.days, items=items, notes_course=False, rng=seed, parameters=tree
        )
        model.run_to_end()
        found: Cascades = model.cascades()
        return found


def for_readers(fitted: Fitted, graph: FollowerGraph, *, seed: int = 0) -> FittedSharing:
    """Return numbers of sharing with which readers on average share as often as was fitted.

    A fit has one probability for everybody. In the model it is multiplied by what a reader feels,
    thinks and believes and by how active the person is, and a part of what is shared are posts of
    one's own, which are not in the tree of the item.

    Parameters
    ----------
    fitted : Fitted
        A fit of `BROADCAST`.
    graph : FollowerGraph
        Who follows whom.
    seed : int, default 0
        Seed of attitudes and activity.
    """
    values = fitted.values  # noqa: PD011 - no table
    sharing = FittedSharing(
        values["broadcast"],
        values["later"],
        values["decay"],
        values["delay_min"],
        values["delay_spread"],
        values["appeal_spread"],
        values["pace_spread"],
    )
    factor, in_tree = _reader_factors(sharing, graph, seed)
    return sharing._replace(
        broadcast=_base_for(sharing.broadcast / in_tree, factor),
        later=_base_for(sharing.later / in_tree, factor),
    )


def compare(
    observed: pd.DataFrame,
    graph: FollowerGraph,
    *,
    evaluations: int = 48,
    seed: int = 0,
    selection: Selection | None = None,
) -> tuple[FittedSharing, pd.DataFrame]:
    """Fit to one half of cascades of one kind, and report on the other.

    Parameters
    ----------
    observed : pandas.DataFrame
        Shapes of observed cascades.
    graph : FollowerGraph
        Who follows whom.
    evaluations : int, default 48
        Number of values that are tried for each mechanism.
    seed : int, default 0
        Seed of the halves and of the fit; the report has the next one.
    selection : Selection, optional
        Sizes and numbers.

    Returns
    -------
    tuple of FittedSharing and pandas.DataFrame
        Numbers for the model, and the table of `report`: the model, the fit without readers;
        independent cascades from anybody, with the hubs and delays of the fit, and from hubs with
        delays of their own; and linear thresholds.
    """
    chosen = selection or Selection()
    fitting, held_out = halves(observed, seed=seed)
    quick = replace(chosen, wanted=_FIT_CASCADES, cascades=_FIT_CASCADES, batches=_FIT_BATCHES)
    common = CommonRandomNumbers(seed, quick.cascades, graph.n)

    def fitted(mechanism: Mechanism, *starts: Mapping[str, float]) -> Fitted:
        return fit(
            mechanism,
            graph,
            fitting,
            evaluations=evaluations,
            seed=seed,
            selection=quick,
            common=common,
            starts=starts,
        )

    plain, hubs, threshold = map(fitted, (INDEPENDENT, INDEPENDENT_HUBS, LINEAR_THRESHOLD))
    # The broadcast contains the independent cascade, so it need not fit worse.
    same_values = _as_broadcast(hubs.values)
    usual = {**same_values, "appeal_spread": BROADCAST.starts()["appeal_spread"]}
    simple = Fitted(mechanism=BROADCAST, values=same_values, loss=hubs.loss)
    broadcast = min((fitted(BROADCAST, usual), simple), key=lambda one: one.loss)
    delays = {one.name: broadcast.values[one.name] for one in DELAYS}  # noqa: PD011 - no table
    same = fitted(INDEPENDENT_HUBS.with_fixed("independent cascades, hubs and delays", **delays))
    found = [broadcast, plain, same, hubs, threshold]
    sharing = for_readers(broadcast, graph, seed=seed)
    model = Fitted(mechanism=RumourRules(), values=sharing._asdict(), loss=float("nan"))
    return sharing, report([model, *found], graph, held_out, seed=seed + 1, selection=chosen)


def _as_broadcast(values: Mapping[str, float]) -> dict[str, float]:
    """Return the settings of the broadcast with which it is an independent cascade."""
    chance = values["chance"]
    low = min(one.low for one in BROADCAST.settings if one.name == "appeal_spread")
    return {**values, "broadcast": chance, "later": chance, "decay": 1.0, "appeal_spread": low}


def _reader_factors(sharing: FittedSharing, graph: FollowerGraph, seed: int) -> tuple[Float, float]:
    """Return by what the probability of each person is multiplied, and the share in the tree."""
    tree = sharing.parameters()
    item = Item(topic="item", is_true=False, minute=0)
    flow = MessageFlow(graph, [item], seed=seed, attitude_spread=ATTITUDE_SPREAD, parameters=tree)
    everybody = Messages(np.arange(graph.n), np.zeros(graph.n, dtype=np.int64))
    flow.write(0)
    flow.hear(everybody, np.full(graph.n, 0.5), minute=0)
    likely = flow.audience.share_probabilities(
        everybody.person,
        item.topic,
        at_min=0,
        stance=item.stance,
        intensity=item.intensity,
        depth=1,
        activity=flow.activity,
    )
    numbers = tree.social.sharing
    factor: Float = likely / numbers.later
    return factor, numbers.forward + numbers.reply


def _base_for(mean: float, factor: Float) -> float:
    """Return the probability whose product with the factors, at most 1 each, has a mean."""
    from scipy.optimize import brentq

    def above(base: float) -> float:
        return float(np.minimum(base * factor, 1.0).mean()) - mean

    return 1.0 if above(1.0) <= 0.0 else float(brentq(above, 0.0, 1.0, xtol=_SOLVED * mean))


def main(given: Sequence[str] | None = None) -> None:
    """Fit and report for each kind of cascade, and write the tables."""
    options = _options(given)
    try:
        _run(options)
    except CityError as error:
        sys.exit(f"{error}")


def _run(options: Namespace) -> None:
    import pandas as pd

    graph, _ = graph_of(options.graph, options.people, seed=options.seed)
    observed = read_shapes(options.cascades)
    tables, numbers = [], {}
    if options.kind is not None:
        observed = observed[observed["kind"] == options.kind]
    for kind, rows in observed.groupby("kind"):
        numbers[str(kind)], table = compare(
            rows,
            graph,
            evaluations=options.evaluations,
            seed=options.seed,
            selection=Selection(hubs=options.hubs),
        )
        tables.append(table.assign(kind=kind))
        sys.stdout.write(f"{kind}: {numbers[str(kind)]}\n{table.round(3).to_string()}\n")
        sys.stdout.flush()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "report.csv").write_text(csv_text(pd.concat(tables)), encoding="utf-8")
    fitted = pd.DataFrame.from_dict({kind: one._asdict() for kind, one in numbers.items()}, "index")
    (options.out / "fitted.csv").write_text(
        csv_text(fitted.rename_axis("kind").reset_index()), encoding="utf-8"
    )
    sys.stdout.write(f"written to {options.out}\n")


def _options(given: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m mesa_llm_city.models.rumour.weibo", description=__doc__)
    parser.add_argument("--cascades", type=Path, required=True, help="CSV file (see read_shapes)")
    parser.add_argument("--graph", default=MADE_UP, help="made-up, town, or a file of edges")
    parser.add_argument("--people", type=int, help="number of people of a made-up graph")
    parser.add_argument("--evaluations", type=int, default=48, help="values tried per mechanism")
    parser.add_argument("--kind", help="rumour or other; both by default")
    parser.add_argument("--hubs", type=int, default=10, help="people among whom it begins")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("runs", "rumour_weibo"))
    return parser.parse_args(given)


if __name__ == "__main__":
    main()
