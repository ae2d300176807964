"""The community on the command line: ``mesa-llm-city run community`` and ``serve``."""

from __future__ import annotations

from mesa_llm_city.models.community.model import Community
from mesa_llm_city.models.community.pictures import community_figure

from mesa_llm_city.experiments.model_program import Lever, ModelProgram

__all__ = ["PROGRAM", "key_figures"]


def key_figures(model: Community) -> dict[str, str]:
    """Return key figures of a run."""
    rules = ", ".join(f"{rule.name} ({rule.action})" for rule in model.design.rules)
    return {
        "community": f"{model.design.name}, {len(model.members):,} members",
        "rules": rules or "none",
        "written": f"{model.written:,} posts and replies",
        "hostile": f"{model.hostile_share:.1%} of them, {model.breach_share:.1%} breach any rule",
        "moderated": f"{model.removed:,} removed, {model.banned:,} members banned",
        "active": f"{model.active:,} members in the last week, {model.gone:,} left for good",
    }


PROGRAM = ModelProgram(
    name="community",
    model=Community,
    options={
        "design": "TOML file of the community; one of commuters by default",
        "members": "Number of members; that of the design by default",
        "days": "Length of the run, in days",
        "changes": "Rules that change, such as respect=off, no_ads=remove",
        "change_day": "Day on which they change",
    },
    key_figures=key_figures,
    draw=community_figure,
    data=("design",),
    people="members",
    levers=(
        Lever(
            name="social.community.found",
            label="Share of breaches that moderators find",
            low=0.0,
            high=1.0,
        ),
        Lever(
            name="social.community.norms",
            label="Weight of rules on display",
            low=0.0,
            high=2.0,
        ),
        Lever(
            name="social.community.delay_h",
            label="Hours until moderators look",
            low=0.0,
            high=48.0,
            step=1.0,
        ),
    ),
)
"""How the model is run."""
