"""The community: a running group whose rules can be changed, by rule and by a language model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mesa_llm_city.models.community.model import Community
from mesa_llm_city.models.community.pictures import draw_what_if
from mesa_llm_city.models.community.sweep import sweep
from mesa_llm_city.models.community.what_if import what_if

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.llm.base import Request

SMALL: dict[str, Any] = {"members": 40, "days": 3, "rng": 7}


def lived(**options: Any) -> Community:  # noqa: ANN401 - options of the model
    """Return a small community after its last step."""
    model = Community(**{**SMALL, **options})
    model.run_to_end()
    return model


def answer(request: Request) -> str:
    """Answer as a member who is always rude, or a moderator who removes rude posts."""
    own = str(request.messages[-1].content)
    if "Which rule does it break" in own:
        return json.dumps({"reason": "it is rude", "rule": 1 if "fool" in own else 0})
    begins = own.rsplit("number ", 1)[1].rstrip(".")
    reply = {"reason": "I am angry", "choice": int(begins), "text": "You fool.", "topic": 1}
    return json.dumps({**reply, "heat": 9, "sells": False})


def scripted() -> LLM:
    """Return a scripted language model."""
    return LLM(ClientSpec(backend="scripted", model="rude", script=answer))


@pytest.fixture(scope="module")
def usual() -> Community:
    return lived()


def test_members_write_by_day_and_their_posts_make_threads(usual: Community) -> None:
    posts = usual.tables()["posts"]
    assert len(posts) == usual.written > 20
    hours = posts["minute"] % 1440 // 60
    assert hours.between(7, 22).all()
    replies = posts[posts["kind"] == "reply"]
    assert 0.3 < len(replies) / len(posts) < 0.8
    assert (posts["minute"].to_numpy()[replies["parent"]] < replies["minute"]).all()
    assert (posts["author"].to_numpy()[replies["parent"]] != replies["author"]).all()


def test_moderators_act_on_breaches_some_hours_later(usual: Community) -> None:
    posts = usual.tables()["posts"]
    assert (posts.loc[posts["rule"] != "", "category"] != "").mean() > 0.8
    removed = posts[posts["removed_min"] >= 0]
    assert len(removed) == usual.removed > 0
    assert (removed["removed_min"] - removed["minute"] == 180).all()
    labelled = posts[posts["rule"] == "topic"]
    assert set(labelled["label"]) == {"against the rule: topic"}
    assert (labelled["removed_min"] < 0).all()


def test_without_moderators_or_rules_nothing_is_removed() -> None:
    free = lived(changes="respect=off, topic=off, no_ads=off")
    assert (free.removed, free.banned) == (0, 0)
    design = free.design.model_copy(
        update={"roles": tuple(r for r in free.design.roles if not r.moderates), "personas": ()}
    )
    assert lived(design=design).removed == 0


def test_banned_members_write_no_more(usual: Community) -> None:
    strict = tuple(
        rule.model_copy(update={"action": "ban", "strikes": 1}) for rule in usual.design.rules
    )
    design = usual.design.model_copy(update={"rules": strict})
    model = lived(design=design, days=4, **{"social.community.found": 1.0})
    posts = model.tables()["posts"]
    for member in np.flatnonzero(model.people.banned).tolist():
        removed = posts.loc[(posts["author"] == member) & (posts["removed_min"] >= 0)]
        assert posts.loc[posts["author"] == member, "minute"].max() <= removed["removed_min"].max()
    assert model.banned > 0


def test_a_rule_changes_on_its_day_and_nothing_before_differs(usual: Community) -> None:
    changed = lived(changes="respect=off", change_day=2)
    assert [rule.name for rule in changed.design.rules] == ["topic", "no_ads"]
    before = [one.tables()["posts"].query("minute < 2880")["text"] for one in (usual, changed)]
    assert before[0].tolist() == before[1].tolist()
    assert changed.digest() != usual.digest()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"changes": "respect"}, "changes must be RULE=ACTION"),
        ({"changes": 3}, "changes must be a text or a mapping, got 3"),
        ({"changes": "respect=shout"}, "cannot set respect=shout"),
        ({"change_day": 9}, "change_day must be a day of the run, 0 to 2, got 9"),
        ({"members": 2}, "there are 4, but only 2 members"),
    ],
)
def test_impossible_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises((ConfigError, ValueError), match=message):
        Community(**{**SMALL, **options})


def test_a_copy_and_a_restored_state_go_on_as_the_model_does(usual: Community) -> None:
    model = Community(**SMALL)
    for _ in range(40):
        model.step()
    copy, again = model.copy(), Community(**SMALL)
    again.restore(model.state())
    for one in (copy, again):
        one.run_to_end()
        assert one.digest() == usual.digest()


def test_without_the_rule_hostile_posts_are_seen_more_often_in_nearly_all_futures(
    tmp_path: Path,
) -> None:
    model = Community(members=120, days=4, rng=7)
    for _ in range(24):
        model.step()
    found = what_if(model, {"as it is": "", "no rule": "respect=off"}, copies=4)
    seen = found.rows.pivot_table(index="copy", columns="future", values="hostile posts seen")
    assert (seen["no rule"] > seen["as it is"]).sum() >= 3
    difference = found.differences().set_index("measure").loc["hostile posts seen"]
    assert difference["low"] > 0
    change = (seen["no rule"] - seen["as it is"]).to_numpy()
    # 3.182: quantile .975 of the distribution of Student with 3 degrees of freedom.
    half = 3.182 * change.std(ddof=1) / 2.0
    assert difference["high"] - difference["difference"] == pytest.approx(half, rel=1e-3)
    assert model.minute == 24 * 60
    draw_what_if(found, tmp_path / "what_if.png")
    assert (tmp_path / "what_if.png").stat().st_size > 10_000
    with pytest.raises(ConfigError, match="two futures or more"):
        what_if(model, {"alone": ""})


def test_a_language_model_writes_and_moderates_and_its_words_stand_in_the_tables() -> None:
    model = lived(llm=scripted(), prompts="full", days=2)
    posts = model.tables()["posts"]
    assert set(posts["text"]) == {"You fool."}
    assert model.hostile_share == 1.0
    looked_at = posts[posts["minute"] <= model.minute - 60 - 180]
    assert (looked_at["rule"] == "respect").all()
    assert set(looked_at["reason"]) == {"it is rude"}
    assert model.decided == {"prompt": len(posts) + len(looked_at)}
    told = [told for told in model.moderation.notices.values() if told]
    assert told[0][0] == "Your post 'You fool.' was removed: Attack ideas, not people."


def test_a_sweep_with_two_processes_gives_equal_rows() -> None:
    rows = [
        sweep(["respect=off"], [0.8], [1, 2], processes=many, members=8, days=1) for many in (1, 2)
    ]
    assert rows[0].equals(rows[1])
    assert len(rows[0]) == 2


def test_the_cost_is_estimated_from_a_whole_day_and_not_from_a_quiet_night() -> None:
    llm = scripted()
    model = Community(members=40, days=2, rng=7, llm=llm, prompts="full")
    expected = model.cost_estimate()
    model.run_to_end()
    assert expected.tried == 24
    assert expected.calls.low <= model.llm_use.totals["calls"] <= expected.calls.high
