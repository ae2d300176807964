"""Options of a run: where they come from, and what is refused."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import OptionsError, RunOptions


def _config(folder: Path, text: str) -> Path:
    file = folder / "run.toml"
    file.write_text(text)
    return file


class TestDefaults:
    def test_a_day_of_500_people_in_the_synthetic_town(self) -> None:
        options = RunOptions()
        assert (options.model, options.citizens, options.days, options.seed) == (
            "town_day",
            500,
            1,
            7,
        )
        assert options.places == ()
        assert options.start == date(2024, 4, 1)

    def test_results_go_into_a_folder_named_by_model_and_seed(self) -> None:
        assert RunOptions(seed=3).folder == Path("runs/town_day-3")
        assert RunOptions(out=Path("here")).folder == Path("here")

    def test_options_are_frozen_and_pickle(self) -> None:
        options = RunOptions(citizens=3)
        with pytest.raises(ValidationError, match="frozen"):
            options.citizens = 4
        assert pickle.loads(pickle.dumps(options)) == options


class TestSecrets:
    def test_a_key_in_place_of_its_name_is_refused_without_showing_it(self) -> None:
        with pytest.raises(ConfigError, match="key_env: must be the name of") as caught:
            RunOptions(mind="prompt", llm="openai/tiny", key_env="sk-proj-0123456789")
        assert "0123456789" not in str(caught.value)

    def test_an_address_that_is_refused_does_not_show_its_key(self) -> None:
        with pytest.raises(ConfigError, match="api_base: must be an address") as caught:
            RunOptions(mind="prompt", llm="openai/tiny", api_base="models.example?key=0planted1")
        assert "0planted1" not in str(caught.value)


class TestLoading:
    def test_a_file_gives_any_option(self, tmp_path: Path) -> None:
        places = tmp_path / "places.csv"
        places.touch()
        text = f'citizens = 20\nstart = 2024-04-06\nplaces = ["{places.name}"]\nbad_rows = "drop"\n'
        options = RunOptions.load(_config(tmp_path, text))
        assert (options.citizens, options.start) == (20, date(2024, 4, 6))
        assert (options.places, options.bad_rows) == ((places,), "drop")

    def test_relative_paths_of_a_file_start_from_its_folder(self, tmp_path: Path) -> None:
        options = RunOptions.load(_config(tmp_path, 'out = "results"'))
        assert options.out == tmp_path / "results"

    def test_what_is_given_besides_takes_precedence(self, tmp_path: Path) -> None:
        config = _config(tmp_path, "citizens = 20\ndays = 3\n")
        options = RunOptions.load(config, citizens="30", days=None)
        assert (options.citizens, options.days) == (30, 3)

    def test_texts_are_read_as_numbers_dates_and_paths(self, tmp_path: Path) -> None:
        file = tmp_path / "people.csv"
        file.touch()
        options = RunOptions.load(people=str(file), start="2025-01-31", seed="11")
        assert (options.people, options.start, options.seed) == (file, date(2025, 1, 31), 11)

    def test_options_become_values_that_json_knows(self, tmp_path: Path) -> None:
        places = tmp_path / "places.csv"
        places.touch()
        told = RunOptions(places=(places,)).to_dict()
        assert json.loads(json.dumps(told)) == told
        assert told["places"] == [str(places)]
        assert told["start"] == "2024-04-01"


class TestParameters:
    GAMMA = "mobility.gravity.gamma"

    def test_dotted_names_tables_and_texts_are_the_same(self) -> None:
        wanted = RunOptions(parameters={self.GAMMA: 1.5})
        assert wanted.parameters.mobility.gravity.gamma == 1.5
        assert RunOptions(parameters={"mobility": {"gravity": {"gamma": 1.5}}}) == wanted
        assert RunOptions(parameters=[f"{self.GAMMA}=1.5"]) == wanted
        assert RunOptions(parameters=wanted.parameters) == wanted

    def test_a_file_holds_them_beside_the_options(self, tmp_path: Path) -> None:
        text = "citizens = 20\n[parameters.modes.bus]\nspeed_km_h = 12\n"
        options = RunOptions.load(_config(tmp_path, text))
        assert options.citizens == 20
        assert options.parameters.changed() == {"modes.bus.speed_km_h": 12.0}

    def test_in_a_file_their_tables_may_stand_alone(self, tmp_path: Path) -> None:
        text = 'mind = "rules"\n[modes.scooter]\nspeed_km_h = 16\n'
        options = RunOptions.load(_config(tmp_path, text))
        assert options.parameters.modes["scooter"].speed_km_h == 16.0
        assert options.mind == "rules"

    def test_tables_that_stand_alone_beside_the_others_are_refused(self, tmp_path: Path) -> None:
        text = "[parameters]\n[modes.scooter]\nspeed_km_h = 16\n"
        with pytest.raises(ConfigError, match=r"modes: stands beside \[parameters\] in run.toml"):
            RunOptions.load(_config(tmp_path, text))

    def test_others_are_put_over_those_of_a_file_one_by_one(self, tmp_path: Path) -> None:
        text = "[modes.bus]\nspeed_km_h = 12\nwait_min = 3\n[modes.scooter]\nspeed_km_h = 16\n"
        given = ["modes.bus.wait_min=9", "modes.scooter.speed_km_h=17"]
        options = RunOptions.load(_config(tmp_path, text), parameters=given)
        bus, scooter = options.parameters.modes["bus"], options.parameters.modes["scooter"]
        assert (bus.speed_km_h, bus.wait_min, scooter.speed_km_h) == (12.0, 9.0, 17.0)

    def test_wrong_ones_are_defects_among_the_others(self) -> None:
        with pytest.raises(ConfigError) as caught:
            RunOptions(days=0, parameters=["mobility.gravity.gama=1", "modes.bus.speed_km_h=-1"])
        assert "the options have 3 defects" in str(caught.value)
        for line in (
            "- days: must be a whole number of at least 1, got 0",
            "- mobility.gravity.gama: there is no such parameter; did you mean mobility.gravity.ga",
            "- modes.bus.speed_km_h: got '-1'",
        ):
            assert line in str(caught.value)

    def test_a_text_without_a_value_is_refused(self) -> None:
        with pytest.raises(ConfigError, match=r"must be NAME=VALUE, such as .* got 'gamma'"):
            RunOptions(parameters=["gamma"])

    def test_they_become_values_that_json_knows_and_come_back(self) -> None:
        changes = {
            "modes.scooter": {"speed_km_h": 16, "places": []},
            "purposes.meal.places": ["amenity=pub", "amenity=cafe"],
            "needs.hunger.gains_per_h": {"meal": 1.0},
            "modes.bus.enabled": False,
        }
        options = RunOptions(parameters={k: v for k, v in changes.items() if "scooter" not in k})
        again = RunOptions(**json.loads(json.dumps(options.to_dict())))
        assert again == options
        assert len(options.parameters.changed()) >= 3


class TestDefects:
    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("citizens", 0, "must be a whole number of at least 1, got 0"),
            ("citizens", "few", "must be a whole number of at least 1, got 'few'"),
            ("days", 1.5, "must be a whole number of at least 1, got 1.5"),
            ("days", True, "must be a whole number of at least 1, got True"),
            ("seed", -1, "must be a whole number of at least 0, got -1"),
            ("seed", 2**64, "must be below 18446744073709551616, got 18446744073709551616"),
            (
                "start",
                "2024-02-30",
                "must be a date such as 2024-04-01, of 1700 to 2199 and without a time of day, got",
            ),
            ("unknown", "keep", "must be error or drop, got 'keep'"),
            ("force", "yes", "must be true or false, got 'yes'"),
            ("people", 7, "must be the path of a file, got 7"),
            ("places", [7], "must be the path of a file, got 7"),
            ("out", 7, "must be the path of a folder, got 7"),
            ("people", "nobody.csv", "there is no file nobody.csv"),
            (
                "model",
                "zoo",
                "there is no model 'zoo'; the models are city_and_village, corner_shop, eva",
            ),
            ("model", "townday", "there is no model 'townday'; did you mean town_day?"),
        ],
    )
    def test_a_bad_value_is_refused_by_name(self, name: str, value: object, told: str) -> None:
        with pytest.raises(ConfigError) as caught:
            RunOptions.load(None, **{name: value})
        assert str(caught.value).startswith("the options have 1 defect:\n")
        assert f"- {name}: {told}" in str(caught.value)

    def test_making_options_directly_checks_as_well(self) -> None:
        with pytest.raises(ConfigError, match="days: must be a whole number of at least 1, got 0"):
            RunOptions(days=0)

    def test_an_unknown_key_is_answered_with_the_nearest_known_one(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"citizen: unknown option; did you mean citizens\?"):
            RunOptions.load(_config(tmp_path, "citizen = 3"))

    def test_a_key_like_none_is_answered_with_all_of_them(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="zzz: unknown option; the options are answer_"):
            RunOptions.load(_config(tmp_path, "zzz = 3"))

    @pytest.mark.parametrize("text", ["citizens = ", "= 3"])
    def test_a_file_that_is_no_toml_is_a_defect_among_the_others(
        self, tmp_path: Path, text: str
    ) -> None:
        with pytest.raises(ConfigError, match=r"(?s)2 defects.*run.toml is no TOML.*days: "):
            RunOptions.load(_config(tmp_path, text), days=0)

    def test_a_missing_file_of_options_is_a_defect(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"none\.toml cannot be read"):
            RunOptions.load(tmp_path / "none.toml")

    @pytest.mark.parametrize("name", ["zones", "stations", "network", "categories"])
    def test_a_file_of_the_city_without_places_is_refused(self, tmp_path: Path, name: str) -> None:
        file = tmp_path / "file.csv"
        file.touch()
        with pytest.raises(ConfigError, match=f"{name}: .* give its places as well"):
            RunOptions.load(None, **{name: file})

    @pytest.mark.parametrize("name", ["unknown", "bad_rows"])
    def test_dropping_without_places_is_refused(self, name: str) -> None:
        with pytest.raises(ConfigError, match=f"{name}: .* give its places as well"):
            RunOptions.load(None, **{name: "drop"})

    def test_a_number_of_citizens_beside_a_table_of_people_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "people.csv"
        file.touch()
        with pytest.raises(ConfigError, match="citizens: a table of people says by itself"):
            RunOptions.load(people=file, citizens=3)

    def test_an_empty_list_of_places_is_the_synthetic_town(self, tmp_path: Path) -> None:
        assert RunOptions.load(_config(tmp_path, "places = []")).places == ()


class TestPathsAndNumbersThatCannotBe:
    @pytest.mark.parametrize("name", ["out", "record", "zones", "people", "replay", "places"])
    @pytest.mark.parametrize("path", ["x" * 5000, "a/" * 3000, "a\x00b.jsonl.gz", "\udcff"])
    def test_a_path_that_no_disk_takes_is_a_defect(self, name: str, path: str) -> None:
        with pytest.raises(OptionsError, match=rf"{name}: ") as caught:
            RunOptions(**{name: path})
        assert str(caught.value).isprintable() or "\n" in str(caught.value)

    @pytest.mark.parametrize(
        ("name", "path", "told"),
        [
            ("places", "", "must be the path of a file, got a blank"),
            ("places", "https://example.org/a.csv", "addresses are not read; download the file"),
            ("people", "/", "/ is a folder; give the file in it"),
        ],
    )
    def test_a_path_that_is_no_file_is_told_why(self, name: str, path: str, told: str) -> None:
        with pytest.raises(OptionsError, match=f"{name}: {told}"):
            RunOptions(**{name: path})

    def test_a_name_must_leave_room_for_the_names_of_files_beside_it(self) -> None:
        with pytest.raises(OptionsError, match="out: must have a name of at most 200 bytes"):
            RunOptions(out="x" * 230)

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"citizens": 10**400}, "citizens: must be"),
            ({"citizens": 10**12}, "citizens: must be below 100000000"),
            ({"seed": "9" * 5000}, "seed: must be a whole number"),
            ({"timeout_s": 10**400, "mind": "prompt", "llm": "a/b"}, "timeout_s: must be"),
            ({"price": [10**400, 1], "mind": "prompt", "llm": "a/b"}, "price: must be"),
            ({"start": "2199-12-31", "days": 10**7}, "days: 10000000 days from 2199-12-31 are"),
            ({"country": 7}, "country: must be"),
        ],
    )
    def test_numbers_beyond_all_measure_are_defects(self, given: dict[str, Any], told: str) -> None:
        with pytest.raises(OptionsError, match=told):
            RunOptions(**given)

    def test_a_file_of_windows_is_read_or_told(self, tmp_path: Path) -> None:
        file = tmp_path / "run.toml"
        file.write_bytes("days = 2\r\n".encode("utf-8-sig"))
        assert RunOptions.load(file).days == 2
        file.write_bytes("days = 2\r\n".encode("utf-16"))
        with pytest.raises(OptionsError, match=r"run\.toml is UTF-16; save it as text in UTF-8"):
            RunOptions.load(file)
