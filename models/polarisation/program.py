"""Polarisation on the command line and in the browser: ``run polarisation``, ``serve``."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.models.polarisation.model import Polarisation
from mesa_llm_city.models.polarisation.pictures import draw_run
from mesa_llm_city.models.polarisation.talk import ARMS, TALKS
from mesa_llm_city.models.polarisation.ties import GRAPHS

from mesa_llm_city.experiments.diffusion import STANCE_CHANGES
from mesa_llm_city.experiments.model_program import Lever, ModelProgram

__all__ = ["PROGRAM"]


def _key_figures(model: Polarisation) -> Mapping[str, str]:
    words = {"more": "more extreme", "less": "less extreme"}
    shares = ", ".join(
        f"{getattr(model, name):.0%} {words.get(name, name)}" for name in STANCE_CHANGES
    )
    return {
        "arm": f"{model.arm}, talk with {'friends' if model.arm == 'control' else model.talk}",
        "rule": str(model.parameters.social.stance.rule),
        "stances": f"{shares}, against the start",
        "extremity": f"{model.extremity:.2f} (0 the middle, 1 the ends)",
        "Esteban-Ray": f"{model.esteban_ray:.3f}",
    }


PROGRAM = ModelProgram(
    name="polarisation",
    model=Polarisation,
    options={
        "people": "number of people",
        "days": "days; in each, everybody hears three messages",
        "arm": f"whom people hear: {', '.join(ARMS)}",
        "talk": f"who talks to them in the arms alike and different: {' or '.join(TALKS)}",
        "graph": f"who is a friend of whom: {', '.join(GRAPHS)}, or a file with an edge a line",
        "ties": "mean number of friends in a made-up graph",
        "start": "distance of stances from the middle at first, in (0, 1]",
        "persuader": "distance of what persuaders say from the middle, in [0, 1]",
        "flipped": "whether the topic is turned round: who was in favour is against",
    },
    key_figures=_key_figures,
    draw=draw_run,
    levers=(
        Lever(name="persuader", label="What persuaders say (distance)", low=0.0, high=1.0),
        Lever(name="start", label="Stances at first (distance)", low=0.05, high=1.0),
        Lever(name="social.stance.soft.rate", label="Persuasion a message", low=0.0, high=0.5),
        Lever(
            name="social.stance.soft.reinforcement",
            label="Reinforcement by the own side",
            low=0.0,
            high=0.4,
        ),
        Lever(name="social.stance.noise", label="Noise a message", low=0.0, high=0.5),
    ),
    data=("graph",),
)
