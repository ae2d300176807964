"""The table of parameters: filtered for the terminal, whole for the manual."""

from __future__ import annotations

import pytest

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.table import COLUMNS, cells, markdown, matching

DEFAULT = CityParameters()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("gravity.gamma", ["mobility.gravity.gamma"]),
        ("needs.*.threshold", [f"needs.{name}.threshold" for name in DEFAULT.needs]),
        ("modes.bus.wait_mi?", ["modes.bus.wait_min"]),
        ("nothing of the kind", []),
    ],
)
def test_a_pattern_is_a_part_of_a_name_or_a_glob(pattern: str, expected: list[str]) -> None:
    assert [one.name for one in matching(DEFAULT, pattern)] == expected


def test_only_what_differs_is_listed_on_request() -> None:
    parameters = DEFAULT.with_({"modes.bus.speed_km_h": 12, "mind.mood.half_life_h": 3.0})
    told = matching(parameters, changed=True)
    assert [(one.name, one.value, one.default) for one in told] == [
        ("modes.bus.speed_km_h", 12.0, 15.0)
    ]


def test_a_row_of_the_terminal_has_a_text_for_each_column() -> None:
    row = cells(matching(DEFAULT, "mobility.gravity.gamma")[0])
    assert dict(zip(COLUMNS, row, strict=True)) == {
        "name": "mobility.gravity.gamma",
        "value": "2.0",
        "default": "2.0",
        "unit": "1",
        "range": ">= -10, <= 10",
        "source": "CitySim, sec. 3.2.2, eq. 1 and appendix A",
        "description": "How strongly belief bends the distance decay",
    }


def test_the_page_of_the_manual_tells_every_parameter() -> None:
    page = markdown()
    for branch in ("## purposes", "## modes", "## mind.beliefs", "## population.schedules"):
        assert branch in page
    assert "| `mobility.gravity.epsilon` | 0.001 | 1 | > 0, <= 1 | CitySim, appendix A |" in page
    assert "`modes.*.speed_km_h` | 15.0 | km/h" in page
    assert "walk 4.8; bicycle 13.0; car 25.0; train 40.0" in page
    assert "walk: 1.3 m/s, Bohannon and Williams Andrews (2011)" in page
    assert "6 405" in page  # an entry of a curve by age


def test_every_line_of_the_page_has_six_cells() -> None:
    lines = [line for line in markdown().splitlines() if line.startswith("| `")]
    assert len(lines) > 300
    assert {line.count("|") for line in lines} == {7}
