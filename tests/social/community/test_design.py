"""The design of a community: read, checked as a whole, and changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.social.community import CommunityDesign, members_of

GIVEN: dict[str, Any] = {
    "name": "Trains",
    "goal": "Help commuters.",
    "topics": ["delays", "tickets"],
    "members": 11,
    "rules": [
        {"name": "respect", "text": "Be kind.", "forbids": "hostility"},
        {"name": "no_ads", "text": "Sell nothing.", "forbids": "promotion", "action": "ban"},
    ],
    "roles": [
        {"name": "rider", "about": "rides daily", "share": 3},
        {"name": "guard", "about": "keeps order", "share": 1, "moderates": True},
    ],
    "personas": [{"name": "Ada Abe", "role": "guard", "about": "founded it"}],
}


def test_a_file_is_read_with_everything_in_it(tmp_path: Path) -> None:
    file = tmp_path / "trains.toml"
    file.write_text(
        '[community]\nname = "Trains"\ngoal = "Help."\ntopics = ["delays"]\n'
        '[[rules]]\nname = "respect"\ntext = "Be kind."\nforbids = "hostility"\n'
        '[[roles]]\nname = "rider"\nabout = "rides daily"\n',
        encoding="utf-8",
    )
    design = CommunityDesign.read(file)
    assert (design.members, design.rules[0].action, design.roles[0].posts_a_day) == (
        100,
        "remove",
        0.3,
    )


def test_all_defects_are_told_at_once() -> None:
    wrong = {
        **GIVEN,
        "topics": [],
        "rules": [{"name": "a", "text": "b", "forbids": "swearing"}],
        "colour": "red",
    }
    with pytest.raises(DataError) as error:
        CommunityDesign.from_dict(wrong)
    text = str(error.value)
    assert "has 3 defects" in text
    assert all(name in text for name in ("topics", "rules.0.forbids", "colour"))


def test_personas_need_a_role_that_there_is_and_names_are_unique() -> None:
    personas = [{"name": "Ada Abe", "role": "gard", "about": "founded it"}]
    with pytest.raises(DataError, match="unknown role 'gard'; did you mean 'guard'"):
        CommunityDesign.from_dict({**GIVEN, "personas": personas})
    with pytest.raises(DataError, match="rules: 'respect' is used twice"):
        CommunityDesign.from_dict({**GIVEN, "rules": [GIVEN["rules"][0]] * 2})


def test_what_is_no_toml_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("[community", encoding="utf-8")
    with pytest.raises(DataError, match="no TOML"):
        CommunityDesign.read(file)


def test_a_change_sets_actions_or_takes_a_rule_down_and_leaves_the_design_as_it_was() -> None:
    design = CommunityDesign.from_dict(GIVEN)
    other = design.changed({"respect": "off", "no_ads": "label"})
    assert [(rule.name, rule.action) for rule in other.rules] == [("no_ads", "label")]
    assert other.forbids("promotion")
    assert not other.forbids("hostility")
    assert design.forbids("hostility")
    with pytest.raises(ConfigError, match="cannot set respect=shout"):
        design.changed({"respect": "shout"})
    with pytest.raises(ConfigError, match="the rules are respect, no_ads"):
        design.changed({"kindness": "off"})


def test_members_are_the_personas_and_others_by_the_shares_of_roles() -> None:
    members = members_of(CommunityDesign.from_dict(GIVEN), seed=1)
    roles = [member.role.name for member in members]
    # Ten are drawn: 7.5 riders and 2.5 guards, and the first of equal remainders is rounded up.
    assert roles == ["guard", *["rider"] * 8, *["guard"] * 2]
    assert members[0].describe().startswith("Ada Abe, guard: founded it. Cares most about ")
    assert {member.interest for member in members} <= {"delays", "tickets"}
    assert members == members_of(CommunityDesign.from_dict(GIVEN), seed=1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"topics": ["delays", "delays"]}, "topics: 'delays' is listed twice"),
        ({"topics": [""]}, "topics.0: String should have at least 1"),
        ({"roles": [{"name": "r", "about": "x", "share": float("inf")}]}, "less than or equal to"),
    ],
)
def test_topics_and_shares_that_cannot_be_are_told(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        CommunityDesign.from_dict({**GIVEN, **wrong})
