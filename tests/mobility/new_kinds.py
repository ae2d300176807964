"""Parameters with a purpose, a mode and an activity at home that are not built in."""

from __future__ import annotations

import tomllib

from mesa_llm_city.parameters import CityParameters

__all__ = ["with_new_kinds"]

_TOML = """
[purposes.worship]
description = "a service in a place of worship"
places = ["amenity=place_of_worship"]
usual_min = 60
hours = "Su 09:00-12:00"

[purposes.gaming]
description = "computer games"
at_home = true

[modes.scooter]
description = "a shared electric scooter"
speed_km_h = 15
access_min = 2
cost_per_km = 0.9
"""


def with_new_kinds() -> CityParameters:
    """Return the defaults with worship on Sunday mornings, gaming at home and a shared scooter."""
    return CityParameters(**tomllib.loads(_TOML))
