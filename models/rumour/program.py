"""The rumour on the command line and in the browser: ``run rumour``, ``serve rumour``."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.models.rumour.fitted import FITTED
from mesa_llm_city.models.rumour.items import CORRECTIONS
from mesa_llm_city.models.rumour.model import CORRECTED_TO, Rumour
from mesa_llm_city.models.rumour.pictures import draw_run

from mesa_llm_city.experiments.model_program import Lever, ModelProgram

__all__ = ["PROGRAM"]


def _key_figures(model: Rumour) -> Mapping[str, str]:
    shapes = model.tables()["cascades"]
    cascades = [
        f"{row.item}: {int(row.events)} forwards and replies, depth {int(row.max_depth)}, "
        f"{row.share_depth1:.0%} from the first post, {row.within_24h:.0%} within a day"
        for row in shapes.itertuples()
    ]
    corrected = len([one for one in model.correction_minutes if one < model.minute])
    return {
        "people": f"{model.people:,}",
        "corrections": f"{corrected}, to {model.correction_to}" if corrected else "none",
        "know": f"the rumour {model.aware:.1%}, the true item {model.aware_true:.1%}",
        "belief": f"mean of all: rumour {model.misbelief:.3f}, true item {model.belief_true:.3f}",
        "cascades": "; ".join(cascades) or "none",
    }


PROGRAM = ModelProgram(
    name="rumour",
    model=Rumour,
    options={
        "graph": "who follows whom: made-up, town, or a file with an edge a line",
        "people": "number of people; 2000, or as many as the file has",
        "days": "number of days",
        "corrections": f"official corrections of the rumour: {', '.join(CORRECTIONS)}",
        "correction_at": 'a further time of a correction, such as "1 12:00"',
        "correction_to": f"whom corrections reach: {', '.join(CORRECTED_TO)}",
        "label_at": "when the platform labels the rumour, as correction_at",
        "sharing": f"numbers of sharing: fitted to Weibo ({', '.join(FITTED)}), or default",
        "asked_a_day": "messages of an item about which a language model is asked, a person-day",
        "attitude_spread": "standard deviation of stances at first",
    },
    key_figures=_key_figures,
    draw=draw_run,
    levers=(
        Lever(name="social.sharing.broadcast", label="Shared from hubs", low=0.0, high=1.0),
        Lever(
            name="social.sharing.later", label="Shared from others", low=0.0, high=0.2, step=0.005
        ),
        Lever(
            name="social.sharing.emotion", label="Weight of emotion", low=0.0, high=3.0, step=0.1
        ),
        Lever(
            name="social.awareness.correction",
            label="Weight of a correction",
            low=0.0,
            high=5.0,
            step=0.1,
        ),
    ),
    data=("graph",),
)
