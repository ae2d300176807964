"""Who comes to live in a closed home stays where its household is."""

from __future__ import annotations

from dataclasses import replace

from mesa_llm_city.simulation.interventions import close
from tests.motion import tiny_town


def test_who_is_added_to_a_closed_home_goes_where_its_household_stays() -> None:
    model = tiny_town(step_min=5)
    host = model.citizens[0]
    home = host.persona.home
    model.intervene(close(place=home, text="flood"))
    model.step()
    refuge = host.citizen.now.refuge
    assert refuge not in {None, home}
    lodger = model.add(replace(host.persona, id=10**6, name="Lodger"))
    assert lodger.citizen.now.refuge == refuge
    for _ in range(24):
        model.step()
    assert lodger.place == refuge
