"""Recordings and stores of answers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.llm import LLM, ClientSpec, Store
from tests.fuzz.spoiling import spoil_bytes, spoil_file, spoil_json
from tests.fuzz.trial import Family

_PEOPLE = 4
_REPLY = '{"reason": "why not", "choice": 1}'


class Vote(BaseModel):
    """A reply."""

    reason: str = Field(max_length=80)
    choice: int


def _questions() -> list[Question]:
    return [
        Question(purpose="vote", reply=Vote, facts={"heard": [0, 1]}, person=person, minute=480)
        for person in range(_PEOPLE)
    ]


def _make(home: Path) -> None:
    spec = ClientSpec(backend="scripted", model="-", script=lambda _: _REPLY)
    llm = LLM(spec, store=home / "answers.sqlite")
    llm.answer_many(_questions())
    llm.close()
    with Store(home / "answers.sqlite") as kept:
        kept.export_jsonl(home / "day.jsonl.gz")


def _spoil(home: Path, random: Random) -> str:
    recording, store = home / "day.jsonl.gz", home / "answers.sqlite"
    if random.random() < 0.25:
        recording.unlink()
        spoil_file(store, random)
        return "store"
    store.unlink()
    if random.random() < 0.3:
        spoil_file(recording, random)
        return "packed bytes"
    rows = gzip.decompress(recording.read_bytes()).decode().splitlines()
    at = random.randrange(len(rows))
    if random.random() < 0.3:
        text = spoil_bytes("\n".join(rows).encode(), random)
    else:
        rows[at] = json.dumps(spoil_json(json.loads(rows[at]), random))
        text = "\n".join(rows).encode()
    recording.write_bytes(gzip.compress(text, 1))
    return f"row {at}"


def _use(home: Path) -> Iterable[str]:
    recording, store = home / "day.jsonl.gz", home / "answers.sqlite"
    path = recording if recording.is_file() else store
    llm = LLM.replay(path)
    answers = llm.answer_many(_questions())
    for one in answers:
        if isinstance(one, Vote) and (one.reason, one.choice) != ("why not", 1):
            yield f"another answer: {one!r}"
    errors = [one for one in answers if isinstance(one, CityError)]
    str(llm.totals())
    llm.calls()
    llm.close()
    if errors:
        raise errors[0]


RECORDINGS = Family(name="recordings", make=_make, spoil=_spoil, use=_use)
