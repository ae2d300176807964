"""Options of a run: TOML files, manifests, and texts of the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

from mesa_llm_city.cli.run_options import read_options
from mesa_llm_city.experiments import Progress, RunOptions
from mesa_llm_city.experiments.atomic_output import check_free
from mesa_llm_city.experiments.options.files import read_parameters
from mesa_llm_city.experiments.output_folder import with_folder
from mesa_llm_city.parameters import CityParameters
from tests.fuzz.spoiling import WORDS, spoil_file, spoil_json, spoil_words
from tests.fuzz.trial import Family

_TOML = """
model = "town_day"
citizens = 20
days = 2
start = 2024-04-01
seed = 7
mind = "prompt"
llm = "openai/gpt-5-mini"
prompts = ["plan", "mode"]
timeout_s = 30.5
max_usd = 0.5
price = [0.15, 0.6]
places = ["places.csv"]
out = "runs/one"
without = "beliefs"

[parameters.mobility.gravity]
gamma = 1.5

[parameters.modes.bus]
speed_km_h = 12
label = "Coach"

[parameters.modes.scooter]
speed_km_h = 15
"""
_TEXTS = {
    "citizens": "20",
    "days": "2",
    "start": "2024-04-01",
    "seed": "7",
    "timeout_s": "30",
    "max_usd": "1",
    "price": "0.15,0.6",
    "without": "beliefs,mood",
    "prompts": "plan,mode",
    "places": ["places.csv"],
    "zones": "places.csv",
    "people": "places.csv",
    "record": "day.jsonl.gz",
    "replay": "places.csv",
    "out": "runs/one",
    "prompts_from": ".",
    "api_base": "http://127.0.0.1:1/v1",
    "llm": "openai/gpt-5-mini",
    "key_env": "KEY",
    "mind": "prompt",
    "in_flight": "4",
    "parameters": ["mobility.gravity.gamma=1.5", "modes.bus.wait_min=3"],
}


def _make(home: Path) -> None:
    (home / "places.csv").write_text("category,lon,lat\n", encoding="utf-8")
    (home / "run.toml").write_text(_TOML, encoding="utf-8")
    options = RunOptions(citizens=20, parameters={"mobility.gravity.gamma": 1.5}).to_dict()
    parameters = options.pop("parameters")
    manifest = {"config": options, "parameters": parameters, "digest": "0"}
    (home / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (home / "given.json").write_text("{}", encoding="utf-8")


def _spoil(home: Path, random: Random) -> str:
    kind = random.randrange(4)
    given: dict[str, object] = {"config": str(home / "run.toml")}
    if kind == 0:
        spoil_file(home / "run.toml", random)
    elif kind == 1:
        text = spoil_words((home / "run.toml").read_text(encoding="utf-8"), random)
        (home / "run.toml").write_bytes(text.encode("utf-8", "replace"))
    elif kind == 2:
        given = {"config": str(home / "manifest.json")}
        content = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
        (home / "manifest.json").write_text(json.dumps(spoil_json(content, random)))
        if random.random() < 0.3:
            spoil_file(home / "manifest.json", random)
    else:
        given = {name: _TEXTS[name] for name in random.sample(sorted(_TEXTS), 3)}
        name = random.choice(sorted(given))
        word = random.choice(WORDS)
        given[name] = [f"{random.choice(['', 'modes.', 'x='])}{word}"] if name in _LISTS else word
    (home / "given.json").write_text(json.dumps(given), encoding="utf-8")
    return ("file", "words of TOML", "manifest", "command line")[kind] + f" {given}"[:300]


_LISTS = ("parameters", "places")


def _use(home: Path) -> Iterable[str]:
    given = json.loads((home / "given.json").read_text(encoding="utf-8"))
    config = given.pop("config", None)
    file = None if config is None else Path(config)
    values = {"further_places": None, **dict.fromkeys(RunOptions.model_fields), **given}
    if values["places"] is not None:
        values["places"] = [str(home / one) for one in values["places"]]
    options = read_options({**values, "config": file})
    told = options.to_dict()
    if RunOptions(**told) != options:
        yield "options that are others when read again"
    json.dumps(told, allow_nan=False)
    options = with_folder(options, Progress())
    check_free(options.folder, force=options.force)
    if len(str(options.folder)) > 1000:
        yield "a folder that no disk takes"
    if file is not None and file.suffix == ".toml":
        read_parameters(file)
        CityParameters.read(file)


OPTIONS = Family(name="options", make=_make, spoil=_spoil, use=_use)
