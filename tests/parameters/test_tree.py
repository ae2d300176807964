"""The tree: one way in by dotted names, and out again."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.parameters import CityParameters, ParameterError, ParameterInfo, split_dotted
from mesa_llm_city.parameters.dotted import leaves

DEFAULT = CityParameters()
INFO = {one.name: one for one in DEFAULT.leaves()}
NUMBERS = sorted(name for name, one in INFO.items() if type(one.value) is float)

THREE_KINDS = """
[modes.scooter]
speed_km_h = 15
access_min = 2
cost_per_km = 0.9

[needs.esteem]
decay_per_h = 0.03
threshold = 0.2
gains_per_h = { work = 0.1, social = 0.15 }

[purposes.worship]
places = ["amenity=place_of_worship"]
usual_min = 60
hours = "Su 09:00-12:00"
"""


@st.composite
def changes(draw: st.DrawFn) -> dict[str, float]:
    """Numbers within the range of their parameter, by dotted name."""
    names = draw(st.lists(st.sampled_from(NUMBERS), max_size=4, unique=True))
    shares = (0.5, 0.75, 1.0)
    return {name: DEFAULT.get(name) * draw(st.sampled_from(shares)) for name in names}


@pytest.mark.slow
@given(changes())
def test_what_is_set_is_what_has_changed(wanted: dict[str, float]) -> None:
    try:
        parameters = DEFAULT.with_(wanted)
    except ParameterError:
        return  # such as a least value above a greatest one
    differs = {name: one for name, one in wanted.items() if one != INFO[name].value}
    assert parameters.changed() == differs
    assert CityParameters.from_dotted(parameters.changed()) == parameters
    assert all(parameters.get(name) == value for name, value in wanted.items())


@pytest.mark.slow
@given(changes())
def test_toml_brings_back_the_same_tree(wanted: dict[str, float]) -> None:
    try:
        parameters = DEFAULT.with_(wanted)
    except ParameterError:
        return
    assert _from_toml(parameters.to_toml()) == parameters


def _from_toml(text: str) -> CityParameters:
    import tomllib

    return CityParameters(**tomllib.loads(text).get("parameters", {}))


def test_names_are_unique_and_can_be_read() -> None:
    names = [leaf.name for leaf in leaves(DEFAULT)]
    assert len(names) == len(set(names))
    assert all(DEFAULT.get(leaf.name) == leaf.value for leaf in leaves(DEFAULT))


def test_every_number_says_what_it_is_and_where_it_comes_from() -> None:
    lacking = [
        one.name
        for one in INFO.values()
        if not one.description or (isinstance(one.value, int | float) and not _is_told(one))
    ]
    assert lacking == []


def _is_told(one: ParameterInfo) -> bool:
    return isinstance(one.value, bool) or bool(one.unit and one.source)


def test_the_defaults_are_within_their_own_ranges() -> None:
    told = {leaf.name: leaf.value for leaf in leaves(DEFAULT)}
    assert CityParameters.from_dotted(told) == DEFAULT


def test_the_three_examples_are_complete_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text(THREE_KINDS)
    parameters = CityParameters.read(file)
    scooter, esteem = parameters.modes["scooter"], parameters.needs["esteem"]
    worship = parameters.purposes["worship"]
    assert (scooter.speed_km_h, scooter.access_min, scooter.needs_vehicle) == (15.0, 2.0, "")
    assert (esteem.gains_per_h, esteem.start) == ({"work": 0.1, "social": 0.15}, 1.0)
    assert worship.places == ("amenity=place_of_worship",)
    assert "worship" in parameters.free_time
    assert list(parameters.needs)[-1] == "esteem"


def test_a_tree_with_new_kinds_survives_every_way(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(THREE_KINDS)
    parameters = CityParameters.read(tmp_path / "city.toml")
    parameters.write(tmp_path / "again.toml")
    again = CityParameters.read(tmp_path / "again.toml")
    assert again == parameters
    assert list(again.purposes) == list(parameters.purposes)
    assert pickle.loads(pickle.dumps(parameters)) == parameters
    assert hash(again) == hash(parameters)
    assert copy.deepcopy(parameters) is parameters
    assert again.with_("modes.scooter.speed_km_h", 20).modes["scooter"].cost_per_km == 0.9


def test_empty_rows_are_not_lost(tmp_path: Path) -> None:
    parameters = CityParameters(needs={"fun": {}, "esteem": {"decay_per_h": 0.1}, "power": {}})
    parameters.write(tmp_path / "city.toml")
    assert list(CityParameters.read(tmp_path / "city.toml").needs)[4:] == ["fun", "esteem", "power"]


def test_a_file_may_hold_other_things_beside_its_parameters(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text("citizens = 500\n[parameters.modes.bus]\nspeed_km_h = 12\n")
    assert CityParameters.read(file).changed() == {"modes.bus.speed_km_h": 12.0}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("citizens = 500", "holds no parameters"),
        ("[modes.bus]\nspeed_km_h = 12\n[extra]\na = 1", "extra.a: there is no such parameter"),
        ("[parameters]\n[modes.bus]\nspeed_km_h = 12", "stand beside"),
        ("parameters = 3", "is no table"),
        ("[modes", "is no TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "city.toml").write_text(text)
    with pytest.raises(ParameterError, match=problem):
        CityParameters.read(tmp_path / "city.toml")


def test_text_becomes_numbers() -> None:
    parameters = CityParameters.from_dotted(
        {"modes.bus.speed_km_h": "12", "modes.bus.enabled": "no"}
    )
    assert parameters.changed() == {"modes.bus.enabled": False, "modes.bus.speed_km_h": 12.0}


def test_a_list_can_be_given_as_text() -> None:
    name = "population.schedules.work.start_min.pupil"
    assert CityParameters.from_dotted({name: "[480, 510]"}).get(name) == (480, 510)
    with pytest.raises(ParameterError, match="got '8:30'"):
        CityParameters.from_dotted({name: "8:30"})


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("modes.bus.sped_km_h", "modes.bus.speed_km_h"),
        ("bus.speed_km_h", "modes.bus.speed_km_h"),
        ("need.hunger.threshold", "needs.hunger.threshold"),
        ("modes.bsu.speed_km_h", "modes.bus.speed_km_h"),
        ("population.hobbies.swiming.young", "population.hobbies.swimming.young"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(name: str, meant: str) -> None:
    for ask in (DEFAULT.get, lambda told: DEFAULT.with_(told, 1)):
        with pytest.raises(ParameterError, match=meant):
            ask(name)


def test_a_name_given_as_value_and_as_branch_is_refused() -> None:
    with pytest.raises(ParameterError, match="as a value and as a branch"):
        CityParameters.from_dotted({"modes.bus": 3, "modes.bus.speed_km_h": 12})


def test_a_new_row_is_declared_by_its_name_and_then_changed() -> None:
    told = {"modes.scooter": {"access_min": 2}, "modes.scooter.speed_km_h": "15"}
    parameters = CityParameters.from_dotted(told)
    assert parameters.modes["scooter"].access_min == 2.0
    assert CityParameters.from_dotted(parameters.changed()) == parameters


def test_a_whole_row_can_be_set_by_its_name() -> None:
    parameters = DEFAULT.with_("modes.scooter", {"speed_km_h": 20})
    assert parameters.modes["scooter"].speed_km_h == 20.0


def test_the_tree_shows_what_differs() -> None:
    assert repr(DEFAULT) == "CityParameters()"
    assert "modes.bus.speed_km_h=12.0" in repr(DEFAULT.with_("modes.bus.speed_km_h", 12))


def test_dotted_arguments_are_told_from_others() -> None:
    assert split_dotted({"a.b": 1, "citizens": 2}) == ({"a.b": 1}, {"citizens": 2})


def test_a_name_of_a_thousand_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    path.write_text("[parameters]\n" + "a." * 1000 + "b = 1\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="there is no such parameter"):
        CityParameters.read(path)
