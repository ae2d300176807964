"""Modes: how people travel, one row each (on foot, by bicycle, car, bus and train)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesa_llm_city.parameters.base import parameter, switch, wording
from mesa_llm_city.parameters.defects import Defect
from mesa_llm_city.parameters.frozen import FrozenMap
from mesa_llm_city.parameters.kind import KindSpec

__all__ = ["MODES", "MODE_SOURCES", "VEHICLES", "ModeSpec"]

VEHICLES = ("car", "bicycle")
"""Vehicles that a person or household can own."""


class ModeSpec(KindSpec):
    """A mode: its speed, access, cost, who may use it, and how it is liked.

    Minutes from door to door are ``access_min + wait_min``, the walk of `access_m`, and the
    way at `speed_km_h`. By default a new mode runs on the streets, belongs to nobody and
    stands wherever a trip begins, as a shared scooter does.

    Examples
    --------
    >>> scooter = ModeSpec(speed_km_h=15, access_min=2, cost_per_km=0.9)
    >>> scooter.needs_vehicle, scooter.enabled
    ('', True)
    """

    enabled: bool = switch("Whether anybody can travel by it", default=True)
    speed_km_h: float = parameter(15.0, "Mean speed, stops included", unit="km/h", gt=0, le=1000)
    access_min: float = parameter(
        0.0, "Time to unlock, fetch and park the vehicle", unit="min", ge=0
    )
    access_m: float = parameter(
        0.0, "Walk to and from the vehicle or stop, both ends together", unit="m", ge=0
    )
    wait_min: float = parameter(0.0, "Mean wait, half a headway", unit="min", ge=0)
    cost_per_trip: float = parameter(
        0.0, "Fare or fee of a trip, however long", unit="train fares", ge=0
    )
    cost_per_km: float = parameter(0.0, "Cost by length", unit="train fares/km", ge=0)
    between_stations: bool = switch(
        "Whether it runs between stations instead of along the streets", default=False
    )
    longest_access_m: float = parameter(
        1500.0, "Longest walk to a station, if it runs between stations", unit="m", ge=0
    )
    detour: float = parameter(
        1.2,
        "Length of the line over the straight line, if it runs between stations",
        ge=1,
    )
    in_traffic: bool = switch("Whether it is as fast as the streets of a zone allow", default=False)
    needs_vehicle: str = wording(
        "Own vehicle that it takes and that stays where it was parked; empty for none"
    )
    needs_licence: bool = switch("Whether it takes a driving licence", default=False)
    least_age: int = parameter(0, "Age from which it can be used alone", unit="years", ge=0)
    active: bool = switch(
        "Whether it is moved by muscle, as walking and cycling are", default=False
    )
    constant: float = parameter(0.0, "Utility of the mode as such in the mode choice")
    time_weight: float = parameter(
        1.0, "Disutility of a minute on the way, in minutes by car", unit="min/min", ge=0
    )
    wet_weight: float = parameter(
        0.0, "Share of mobility.mode_choice.wet that counts in rain", ge=0
    )
    discomfort_weight: float = parameter(
        0.0, "Share of mobility.mode_choice.discomfort_per_c that counts in heat and frost", ge=0
    )

    wind_weight: float = parameter(
        0.0, "Share of mobility.mode_choice.wind_per_10_km_h that counts in wind", ge=0
    )
    stops_from_km_h: float = parameter(
        0.0, "Wind from which it does not run; 0 for none", unit="km/h", ge=0
    )

    def contradictions(self) -> Iterator[Defect]:
        """Yield a vehicle that nobody can own."""
        yield from super().contradictions()
        if self.needs_vehicle and self.needs_vehicle not in VEHICLES:
            accepted = f"{', '.join(VEHICLES)}, or '' for a mode that takes no own vehicle"
            yield Defect("needs_vehicle", f"got {self.needs_vehicle!r}; accepted are {accepted}")


MODES: Mapping[str, ModeSpec] = FrozenMap(
    {
        "walk": ModeSpec(
            label="walk",
            description="on foot",
            colour="#4477AA",
            colour_dark="#2b86cf",
            speed_km_h=4.8,
            active=True,
            constant=0.6,
            time_weight=1.6,
            wet_weight=0.5,
            discomfort_weight=1.0,
            wind_weight=0.5,
        ),
        "bicycle": ModeSpec(
            label="bicycle",
            description="by one's own bicycle",
            colour="#66CCEE",
            colour_dark="#66CCEE",
            speed_km_h=13.0,
            access_min=2.0,
            needs_vehicle="bicycle",
            active=True,
            constant=-1.2,
            time_weight=1.4,
            wet_weight=1.0,
            discomfort_weight=1.0,
            wind_weight=1.0,
            stops_from_km_h=75.0,
        ),
        "car": ModeSpec(
            label="car",
            description="by the household's car",
            colour="#EE6677",
            colour_dark="#EE6677",
            speed_km_h=25.0,
            access_min=4.0,
            access_m=150.0,
            cost_per_trip=0.5,
            cost_per_km=0.1,
            in_traffic=True,
            needs_vehicle="car",
            needs_licence=True,
            constant=-0.6,
        ),
        "bus": ModeSpec(
            label="bus",
            description="by bus",
            colour="#CCBB44",
            colour_dark="#CCBB44",
            speed_km_h=15.0,
            access_m=500.0,
            wait_min=6.0,
            cost_per_trip=1.0,
            constant=-0.9,
            stops_from_km_h=63.0,
        ),
        "train": ModeSpec(
            label="train",
            description="by train",
            colour="#228833",
            colour_dark="#3a7a3c",
            speed_km_h=40.0,
            wait_min=4.0,
            cost_per_trip=1.0,
            between_stations=True,
            constant=0.2,
            time_weight=0.9,
            stops_from_km_h=100.0,
        ),
    }
)
"""The built-in modes. The order is that of every table, report and choice set."""

MODE_SOURCES: Mapping[str, str] = FrozenMap(
    {
        "walk.speed_km_h": "1.3 m/s, Bohannon and Williams Andrews (2011), Physiotherapy 97(3)",
        "bicycle.speed_km_h": (
            "between mean and peak of Lyon's shared bicycles, Jensen et al. (2010), "
            "Transp. Res. D 15(8)"
        ),
        "bus.access_m": "assumption: half of a usual stop spacing at each end",
        "bus.wait_min": "assumption: half of a headway of 12 min",
        "train.wait_min": "assumption: half of a headway of 8 min",
        "train.cost_per_trip": "the unit of all costs",
        "time_weight": (
            "walking and waiting count about twice riding (Wardman 2004, Transport Policy 11, "
            "363-377); values by hand"
        ),
        "bus.stops_from_km_h": (
            "assumption: winds of a tropical storm, 34 knots, at which services end before "
            "hurricanes"
        ),
        "stops_from_km_h": "assumption",
        "constant": "assumption: set by hand, fitted to no survey",
        "colour": "P. Tol (2021), Colour schemes, SRON/EPS/TN/09-002, scheme 'bright'",
    }
)
"""Sources of numbers of built-in rows, or of a field in all of them."""
