"""Folders of finished and unfinished runs: looked at again, summed up, repeated, resumed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mesa_llm_city.cli.results import calls_table
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.experiments.unfinished import earlier_options, is_complete
from mesa_llm_city.llm.ledger import Call, Ledger, Source
from mesa_llm_city.ui.export.tables import EXPORTED, table_csv
from mesa_llm_city.ui.views.history import History
from mesa_llm_city.ui.views.replay import Replay
from tests.fuzz.spoiling import spoil_file, spoil_frame, spoil_json
from tests.fuzz.trial import Family

_CALL = Call(
    *("0", 480, "plan", 0, 0, "plan@1", "-", Source.LIVE, 1, 0.1, 9, 0, 2, 0.001, True, False, "")
)

_WITH_GEOMETRY = ("places.parquet", "base_map.parquet")


def _make(home: Path) -> None:
    run(RunOptions(citizens=3, out=home / "run"))
    (home / "run" / "summary.png").unlink(missing_ok=True)
    ledger = Ledger()
    for minute in range(3):
        ledger.add(_CALL._replace(minute=minute))
    ledger.to_parquet(home / "run" / "calls.parquet")


def _spoil(home: Path, random: Random) -> str:
    path = random.choice(sorted((home / "run").iterdir()))
    kind = random.randrange(4)
    if kind == 0:
        path.unlink()
    elif kind == 1 or (
        path.suffix == ".parquet" and path.name in {"places.parquet", "base_map.parquet"}
    ):
        spoil_file(path, random)
    elif path.suffix == ".parquet":
        frame = spoil_frame(pd.read_parquet(path), random)
        try:
            frame.to_parquet(path, index=False)
        except Exception:  # noqa: BLE001 - a table that no Parquet file can hold
            spoil_file(path, random)
    else:
        content = spoil_json(json.loads(path.read_text(encoding="utf-8")), random)
        path.write_text(json.dumps(content), encoding="utf-8")
    return f"{path.name} {('missing', 'file', 'values', 'values')[kind]}"


def _use(home: Path) -> Iterable[str]:
    folder = home / "run"
    errors = []
    for look in (_calls, _repeated, _resumed, _replayed):
        try:
            yield from look(folder)
        except CityError as error:
            errors.append(error)
    if errors:
        raise errors[0]


def _calls(folder: Path) -> Iterable[str]:
    calls_table(folder)
    json.loads(calls_table(folder, as_json=True))
    yield from ()


def _repeated(folder: Path) -> Iterable[str]:
    RunOptions.load(folder / "manifest.json")
    yield from ()


def _resumed(folder: Path) -> Iterable[str]:
    earlier_options(folder / "manifest.json")
    is_complete(RunOptions(citizens=3, out=folder, resume=True))
    yield from ()


def _replayed(folder: Path) -> Iterable[str]:
    view = Replay(History.read(folder))
    for minute in (0, 600, view.end):
        view.go_to(minute)
        crowd = view.crowd()
        if not (np.isfinite(crowd.x).all() and np.isfinite(crowd.y).all()):
            yield "somebody who is nowhere"
        for by in view.colours():
            view.values(by)
        for person in view.history.ids[:2].tolist():
            _card(view.person(person))
    for name in EXPORTED:
        table_csv(view, name)


def _card(person: Any) -> None:  # noqa: ANN401 - the view of a person
    repr(person)


RUN_FOLDERS = Family(name="run folders", make=_make, spoil=_spoil, use=_use)
