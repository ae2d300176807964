"""Where the cities of a page come from: options of a run, or the folder of a finished one."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.inputs import read_city, read_outsiders, read_people
from mesa_llm_city.experiments.language_model import (
    budget,
    client_spec,
    open_llm,
    price_table,
    shared_purse,
)
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.simulate import build_model
from mesa_llm_city.experiments.unfinished import ANSWERS
from mesa_llm_city.llm import LLM
from mesa_llm_city.llm.budget import Budget
from mesa_llm_city.llm.purse import Purse
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import RecordOptions
from mesa_llm_city.ui.charts.observations import Observations, observe
from mesa_llm_city.ui.comparing.comparable import check_comparable, names_of
from mesa_llm_city.ui.comparing.finished import finished_run
from mesa_llm_city.ui.comparing.runs import ForkedRun
from mesa_llm_city.ui.page.forks import Forks
from mesa_llm_city.ui.page.garbage_collection import settle
from mesa_llm_city.ui.page.keeping import Kept, KeptRun, class_of, folder_of
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.shown import Shown
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["Source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Shown):
    """Makes what a page shows.

    Examples
    --------
    >>> source = Source(options=RunOptions(citizens=20))
    >>> source.make().minute
    0
    """

    def make(self, **changes: Any) -> CityModel | Replay:  # noqa: ANN401 - options of a run
        """Return a city for one session: a new model, or a replay from its beginning.

        City and people are read once per process, and copied for each model.

        Parameters
        ----------
        **changes
            Options of the model to change, such as ``seed=8``.

        Raises
        ------
        CityError
            If an option is impossible, or files have defects.
        """
        if not changes:
            # Waited for while it is being prepared, which takes less than another one.
            with _READING:
                ahead = _AHEAD.pop(self.to_json(), None)
            if ahead is not None:
                return ahead
        made = self._make(**changes)
        self.show_observed(made)
        # Not by who asks for the city, so that the first page does not wait for it.
        settle()
        return made

    def _make(self, **changes: Any) -> CityModel | Replay:  # noqa: ANN401 - options of a run
        if self.options is None:
            return self._replay(self.folder or Path())
        options = self.options.with_(**changes)
        with _READING:
            setting = _setting_of(options)
        city, people = pickle.loads(setting)  # noqa: S301 - what we wrote ourselves
        llm = self._llm(options)
        model = build_model(options, city, people, llm)
        # So that the minds of earlier minutes can be looked at.
        model.keep_records(RecordOptions(minds=options.minds))
        if hasattr(model, "days"):
            model.days = options.days
        return model

    def make_others(self) -> tuple[ForkedRun, ...]:
        """Return the finished runs that the first one is compared with: one, or none.

        Raises
        ------
        CityError
            If files have defects, or both runs cannot be compared.
        """
        if self.second is None or self.folder is None:
            return ()
        check_comparable(self.folder, self.second, crowd=self.crowd)
        other = self._replay(self.second)
        self.show_observed(other)
        settle()
        name = names_of(self.folder, self.second, self.names)[1]
        return (finished_run(name, self.second, other, crowd=self.crowd),)

    def make_runs(
        self, city: CityModel | Replay, runner: Runner, others: Sequence[ForkedRun] = ()
    ) -> Forks:
        """Return the runs that a page switches between.

        Parameters
        ----------
        city : CityModel or Replay
            What `make` has returned.
        runner : Runner
            What runs it.
        others : sequence of ForkedRun, optional
            What `make_others` has returned; the first of them is compared with the city.
        """
        if self.second is None or self.folder is None or not isinstance(city, Replay):
            return Forks(city, runner)
        name = names_of(self.folder, self.second, self.names)[0]
        named = finished_run(name, self.folder, city, crowd=self.crowd)
        forks = Forks(city, runner, others=others, named=named)
        for one in others[:1]:
            forks.compare(one.name)
        return forks

    def _replay(self, folder: Path) -> Replay:
        home = folder.resolve()
        written_ns = (home / "manifest.json").stat().st_mtime_ns
        return Replay(_history(home, written_ns, crowd=self.crowd))

    def prepare(self) -> None:
        """Read city and people, or the finished run, before the first page asks for them.

        The first model is built too, unless it has a language model. What is wrong with them is
        told by `make`.
        """
        with suppress(CityError, OSError), _READING:
            if self.options is None:
                self.make()
                self.make_others()
                return
            _setting_of(self.options)
            if not self.options.asks:
                _AHEAD[self.to_json()] = self.make()

    def kept_run(self, browser: str) -> KeptRun | None:
        """Return where the run of a browser is kept; None if runs are not kept.

        Parameters
        ----------
        browser : str
            What tells it from others.
        """
        if self.keep is None or self.options is None:
            return None
        told = json.dumps(self.options.to_dict(), sort_keys=True)
        return KeptRun(folder_of(self.keep, browser, told))

    def take_up(self, kept: KeptRun) -> Kept:
        """Return a run that is kept.

        Raises
        ------
        CityError
            If it cannot be taken up.
        """
        assert self.options is not None  # noqa: S101 - replays are not kept
        found = kept.load(class_of(self.options), self._llm(self.options))
        self.show_observed(found.model)
        return found

    def show_observed(self, city: CityModel | Replay) -> None:
        """Let the charts of a city show what was observed beside it.

        Parameters
        ----------
        city : CityModel or Replay
            The city.

        Raises
        ------
        CityError
            If the observed tables cannot be read.
        """
        if self.against is not None:
            observe(city, Observations.read(self.against, city.parameters))

    def _llm(self, options: RunOptions) -> LLM | None:
        """Return the language model of a run, which pays from what all runs may spend together.

        Where runs are kept, answers and payments are kept as well: nothing is asked or paid for
        twice, and the limits hold for all servers of the folder together.
        """
        if not options.is_live:
            return open_llm(options)
        if self.keep is None:
            return open_llm(options, limits=_purse(options))
        self.keep.mkdir(parents=True, exist_ok=True)
        return open_llm(options, store=self.keep / ANSWERS, limits=_budget(options))


# The first page waits for what is being prepared rather than reading it once more.
_READING = RLock()
_AHEAD: dict[str, CityModel | Replay] = {}


def _setting_of(options: RunOptions) -> bytes:
    """Return city and people of a run, ready to be copied."""
    # Interventions change neither, and tables of them cannot be looked up by.
    return _setting(options.with_(interventions=()))


@lru_cache(maxsize=2)
def _setting(options: RunOptions) -> bytes:
    """Return city and people, ready to be copied."""
    city = read_city(options)
    # Drawn here, and not once more for each copy.
    _ = city.land
    return pickle.dumps(read_outsiders(options, city, read_people(options, city)))


@lru_cache(maxsize=2)
def _history(folder: Path, written_ns: int, *, crowd: bool) -> History:
    """Return a finished run, read again if its folder was written again."""
    del written_ns
    return History.read(folder, crowd=crowd)


def _purse(options: RunOptions) -> Purse:
    """Return what all sessions, interviews included, may spend together."""
    model = client_spec(options).model
    return shared_purse(model, _budget(options), price_table(options).of(model))


def _budget(options: RunOptions) -> Budget:
    """Return the limits of a page, which apply without asking.

    The cost of a language model without a known price cannot be limited.
    """
    has_no_price = price_table(options).of(client_spec(options).model) is None
    if options.max_usd is not None or options.yes or has_no_price:
        return budget(options)
    return budget(options.with_(max_usd=options.confirm_above))
