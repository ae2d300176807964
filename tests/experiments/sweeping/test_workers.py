"""Sweeps by workers: the same rows, whatever the engine, and whatever happens to workers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import sweep
from mesa_llm_city.experiments.sweeping.budgets import check_machines
from mesa_llm_city.experiments.sweeping.grid import Grid
from mesa_llm_city.experiments.sweeping.pools.base import Finished
from mesa_llm_city.experiments.sweeping.scheduling import outcomes
from mesa_llm_city.experiments.sweeping.single_run import RunOutcome
from mesa_llm_city.llm import LLM, Budget, ClientSpec, Store
from tests.experiments.sweeping import models_to_sweep
from tests.experiments.sweeping.models_to_sweep import Counter, Noted, Voters, yes

if TYPE_CHECKING:
    from distributed import Client

distributed = pytest.importorskip("distributed")

GRID = {"start": [1, 400, 800]}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Give a client of two workers of this machine."""
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=str(tmp_path_factory.mktemp("dask")),
        ) as cluster,
        distributed.Client(cluster) as one,
    ):
        yield one


@pytest.mark.slow
class TestDask:
    def test_rows_are_those_of_one_process_and_each_worker_prepares_once(
        self, client: Client, tmp_path: Path
    ) -> None:
        town = Noted(tmp_path / "made")
        here = sweep(Counter, GRID, seeds=[1, 2], engine="serial", prepare={"town": list})
        by_dask = sweep(
            Counter,
            GRID,
            seeds=[1, 2],
            engine="dask",
            client=client,
            prepare={"town": town},
            out=tmp_path / "out",
        )
        pd.testing.assert_frame_equal(by_dask.drop(columns="town"), here.drop(columns="town"))
        assert by_dask["town"].eq("town").all()
        makers = town.processes()
        assert len(makers) == len(set(makers))

    def test_two_workers_never_spend_more_than_one_budget(
        self, client: Client, tmp_path: Path
    ) -> None:
        store = tmp_path / "answers.sqlite"
        llm = LLM(
            ClientSpec(backend="scripted", model="-", script=yes),
            store=store,
            budget=Budget(calls=10),
        )
        rows = sweep(
            Voters,
            {"llm": llm, "people": 4, "ward": [1, 2, 3]},
            seeds=[1, 2],
            engine="dask",
            client=client,
        )
        with Store(store) as kept:
            assert len(kept) == 10
        failed = rows[rows["error"].notna()]
        assert failed["error"].str.contains("the limit of 10 calls is reached").all()
        # Six runs of four questions each; ten answers are enough for one or two of them.
        assert rows["votes"].dropna().eq(4).all()
        assert 4 <= len(failed) <= 5

    def test_a_client_that_was_given_stays_open(self, client: Client) -> None:
        assert client.status == "running"
        assert len(client.nthreads()) == 2


@pytest.mark.slow
class TestDeath:
    @pytest.mark.parametrize(("engine", "workers"), [("processes", 1), ("dask", 2)])
    def test_a_worker_that_dies_costs_the_run_to_blame_and_no_other(
        self, engine: str, workers: int, tmp_path: Path
    ) -> None:
        given = {"fail": ["kill", "", "error"]}
        rows = sweep(
            Counter,
            given,
            seeds=[1],
            engine=engine,  # type: ignore[arg-type]
            workers=workers,
            out=tmp_path / "out",
        )
        here = sweep(Counter, {"start": 0}, seeds=[1])
        assert rows["count"].iloc[1] == here["count"].iloc[0]
        assert rows["error"].isna().tolist() == [False, True, False]
        assert rows["error"].iloc[0].startswith(("TerminatedWorkerError: ", "KilledWorker: "))
        assert rows["error"].iloc[2] == "ValueError: cannot count from 0"


class Fragile:
    """A pool of two workers that die of some runs, and take the other run along."""

    def __init__(self, deadly: set[int]) -> None:
        self.deadly, self.under_way, self.begun = deadly, list[int](), list[int]()

    def room(self) -> int:
        return 2

    def submit(self, number: int) -> None:
        self.under_way.append(number)
        self.begun.append(number)
        assert len(self.under_way) <= self.room()

    def wait(self) -> list[Finished]:
        lost = self.deadly & {*self.under_way}
        ended, self.under_way = self.under_way, []
        return [
            Finished(one, "died" if lost else RunOutcome(one, [{}], None, 0.1)) for one in ended
        ]

    def close(self) -> None:
        self.under_way.clear()


def test_runs_that_were_lost_with_another_are_repeated_alone() -> None:
    grid = Grid(model=Counter, values={"start": [*range(6)]}, seeds=[1], max_steps=9, period=-1)
    pool = Fragile({2, 5})
    found = {one.number: one.error for one in outcomes(pool, grid, range(6))}
    assert found == {0: None, 1: None, 2: "died", 3: None, 4: None, 5: "died"}
    assert pool.begun == [0, 1, 2, 3, 4, 5, 2, 3, 4, 5]


class TestRefused:
    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"engine": "threads"}, "engine must be one of serial, processes, dask, ray"),
            ({"workers": 0}, "workers must be at least 1, got 0"),
            ({"address": "tcp://127.0.0.1:1"}, "give engine='dask' or 'ray' too, got None"),
            ({"client": 1, "engine": "ray"}, "client is one of Dask; give engine='dask'"),
        ],
    )
    def test_options_that_do_not_fit(self, given: dict[str, object], told: str) -> None:
        with pytest.raises(ConfigError) as caught:
            sweep(Counter, GRID, seeds=[1], **given)  # type: ignore[arg-type]
        assert told in str(caught.value)

    def test_a_budget_that_each_worker_would_spend_anew(self) -> None:
        llm = LLM(ClientSpec(backend="scripted", model="-"), budget=Budget(calls=3))
        with pytest.raises(ConfigError, match=r"give LLM\(..., store='answers.sqlite'"):
            sweep(Voters, {"llm": llm}, seeds=[1], engine="processes")

    def test_a_store_that_other_machines_cannot_share(self, tmp_path: Path) -> None:
        spec, store = ClientSpec(backend="scripted", model="-"), tmp_path / "answers.sqlite"
        kept, unkept = LLM(spec, store=store), LLM(spec)
        check_machines({"llm": [kept], "ward": [1]}, "node1", ["node1", "node1"])
        check_machines({"llm": [unkept], "ward": [1]}, "node1", ["node2"])
        with pytest.raises(ConfigError, match="which workers on node2, node3 cannot share"):
            check_machines({"llm": [unkept, kept]}, "node1", ["node3", "node1", "node2"])

    def test_a_value_that_cannot_be_sent(self) -> None:
        with pytest.raises(ConfigError, match="cannot be sent to workers"):
            sweep(Counter, {"mark": [Lock()]}, seeds=[1], engine="processes")


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("MESA_LLM_CITY_TEST_RAY") != "1",
    reason="Ray's servers listen on all addresses; allow that with MESA_LLM_CITY_TEST_RAY=1",
)
def test_rows_of_ray_are_those_of_one_process_also_where_a_worker_dies() -> None:
    from ray import cloudpickle

    cloudpickle.register_pickle_by_value(models_to_sweep)
    given = {"fail": ["", "error"], "start": [1, 400]}
    here = sweep(Counter, given, seeds=[1], engine="serial")
    pd.testing.assert_frame_equal(sweep(Counter, given, seeds=[1], engine="ray", workers=2), here)
    rows = sweep(Counter, {"fail": ["kill", ""]}, seeds=[1], engine="ray", workers=2)
    assert rows["error"].isna().tolist() == [False, True]
