"""Archetypes: one answer for a group and a while, whatever the order of answers."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Thought, ask, run_all
from mesa_llm_city.core.errors import ConfigError, LLMReplyError
from mesa_llm_city.llm import LLM, Archetype, ClientSpec, Source
from mesa_llm_city.llm.base import Request

GROUPS = {1: "young", 2: "young", 3: "old", 4: "young"}
DRY = {"temperature_c": 15, "rain": False}
WAYS = {1: ("walk", "bus"), 2: ("bus", "walk"), 3: ("walk", "bus"), 4: ("car", "bus")}


class Vote(BaseModel):
    reason: str = Field(max_length=80)
    choice: int


def _first(request: Request) -> str:
    return json.dumps({"reason": f"as {request.address.sample}", "choice": 1})


def _llm(
    script: Callable[[Request], str] | None = None,
    *,
    archetype: Archetype | None = None,
    **more: object,
) -> LLM:
    """Return a model that says the first option, in the name of who asks."""
    spec = ClientSpec(backend="scripted", model="first", script=script or _first)
    shared = {"mode": archetype or Archetype(groups=GROUPS)}
    return LLM(spec, archetypes=shared, **more)  # type: ignore[arg-type]


async def _choose(person: int, facts: dict[str, object]) -> tuple[str, str]:
    rest = {"minutes": person, "access_minutes": 0, "km": 1.0, "cost": 0.0}
    options = [{"mode": one, **rest} for one in WAYS[person]]
    common = {"person": f"{person}", "purpose": "work", "when": "noon", "weather": DRY}
    reply = await ask("mode", Vote, **{**common, **facts}, options=options)
    return options[reply.choice - 1]["mode"], reply.reason  # type: ignore[return-value]


def _chosen(llm: LLM, people: list[int], minute: int = 480, **facts: object) -> dict[int, Any]:
    thoughts = [Thought(_choose(one, facts), person=one, minute=minute) for one in people]
    return dict(zip(people, run_all(thoughts, backend=llm), strict=True))


def test_a_group_shares_the_answer_of_its_first_person_in_terms_of_its_own_options() -> None:
    llm = _llm()
    found = _chosen(llm, [1, 2, 3])
    assert found == {1: ("walk", "as 1"), 2: ("walk", "as 1"), 3: ("walk", "as 3")}
    assert (llm.totals().sent, llm.totals().by_archetype) == (2, 1)


def test_who_is_first_does_not_depend_on_the_order_of_questions() -> None:
    assert _chosen(_llm(), [4, 2, 1])[2] == ("walk", "as 1")
    assert _chosen(_llm(), [1, 2, 4])[2] == ("walk", "as 1")


def test_who_does_not_have_the_option_is_asked_apart() -> None:
    llm = _llm()
    assert _chosen(llm, [1, 4])[4] == ("car", "as 4")
    # The group keeps the answer of its first person.
    assert _chosen(llm, [2])[2] == ("walk", "as 1")


def test_an_answer_holds_for_its_window_only() -> None:
    llm = _llm(archetype=Archetype(groups=GROUPS, window_min=60))
    _chosen(llm, [1], minute=480)
    assert _chosen(llm, [2], minute=539)[2] == ("walk", "as 1")
    assert _chosen(llm, [2], minute=540)[2] == ("bus", "as 2")


def test_facts_may_have_to_be_equal_too() -> None:
    llm = _llm(archetype=Archetype(groups=GROUPS, facts=("purpose",)))
    _chosen(llm, [1], purpose="work")
    assert _chosen(llm, [2], purpose="meal")[2] == ("bus", "as 2")
    assert _chosen(llm, [2], purpose="work")[2] == ("walk", "as 1")
    wrong = _llm(archetype=Archetype(groups=GROUPS, facts=("mood",)))
    with pytest.raises(ConfigError, match="questions about mode have no fact mood; there are"):
        _chosen(wrong, [1])


def test_who_is_in_no_group_shares_with_nobody() -> None:
    llm = _llm(archetype=Archetype(groups=lambda question: None if question.person == 2 else "all"))
    assert _chosen(llm, [1, 2, 3])[2] == ("bus", "as 2")
    assert _chosen(llm, [3])[3] == ("walk", "as 1")


def test_if_the_first_has_no_usable_answer_the_next_is_asked() -> None:
    def odd(request: Request) -> str:
        sample = request.address.sample
        return "no" if sample == "1" else json.dumps({"reason": f"as {sample}", "choice": 2})

    llm = _llm(odd, tries=1)
    with pytest.raises(LLMReplyError):
        _chosen(llm, [1, 2, 4])
    assert _chosen(llm, [4])[4] == ("bus", "as 4")
    assert _chosen(llm, [2])[2] == ("walk", "as 2")


def test_the_ledger_says_how_often_an_answer_was_shared() -> None:
    llm = _llm()
    _chosen(llm, [1, 2, 3])
    assert llm.ledger.hit_rate("mode") == pytest.approx(1 / 3)
    assert llm.ledger.hit_rate("plan") is None
    calls = llm.calls().set_index("source")
    assert calls.loc[str(Source.ARCHETYPE), "sample"] == "young"
    assert calls.loc[str(Source.ARCHETYPE), "cost_usd"] == 0.0


def test_answers_outlast_a_save_and_a_copy() -> None:
    llm = _llm()
    _chosen(llm, [1])
    loaded: LLM = _llm()
    loaded.archetypes.restore(json.loads(json.dumps(llm.archetypes.state())))
    copied: LLM = pickle.loads(pickle.dumps(llm))
    for other in (loaded, copied):
        before = other.totals().sent
        assert _chosen(other, [2])[2] == ("walk", "as 1")
        assert other.totals().sent == before


def test_a_model_that_shares_has_the_store_and_the_purse_of_another(tmp_path: Path) -> None:
    plain = LLM(_llm().spec, store=tmp_path / "answers.sqlite")
    _chosen(plain, [1, 2])
    sharing = plain.sharing({"mode": Archetype(groups=GROUPS)})
    assert sharing.purse is plain.purse
    assert _chosen(sharing, [1, 2])[2] == ("walk", "as 1")
    assert (sharing.totals().sent, sharing.totals().stored) == (0, 1)
    for one in (plain, sharing):
        one.close()


def test_options_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ConfigError, match="window_min must be at least 1"):
        Archetype(groups=GROUPS, window_min=0)
    with pytest.raises(ConfigError, match="facts must be a tuple of names"):
        Archetype(groups=GROUPS, facts="purpose")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="archetypes need pace='rounds'"):
        _llm(pace="stream")
    with pytest.raises(ConfigError, match="must be a table of Archetype by purpose"):
        LLM(_llm().spec, archetypes={"mode": GROUPS})  # type: ignore[dict-item]
