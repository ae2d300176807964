"""The command line ``mesa-llm-city``: its groups of commands put together."""

from __future__ import annotations

import typer

from mesa_llm_city.cli.calibration import calibrate
from mesa_llm_city.cli.experiment import EXPERIMENT
from mesa_llm_city.cli.figure import figure
from mesa_llm_city.cli.fork import fork
from mesa_llm_city.cli.judging import JUDGE
from mesa_llm_city.cli.language_model import LANGUAGE_MODELS
from mesa_llm_city.cli.migration import MIGRATION
from mesa_llm_city.cli.models import models, version
from mesa_llm_city.cli.parameters import parameters
from mesa_llm_city.cli.policies import POLICIES, compile_
from mesa_llm_city.cli.prompts import PROMPTS
from mesa_llm_city.cli.questionnaires import QUESTIONNAIRES
from mesa_llm_city.cli.results import calls
from mesa_llm_city.cli.run import demo, run
from mesa_llm_city.cli.serve import replay, serve
from mesa_llm_city.cli.sweep import sweep
from mesa_llm_city.cli.traits import traits
from mesa_llm_city.cli.twins import twins
from mesa_llm_city.cli.validation import validate

__all__ = ["APPLICATION", "main"]

APPLICATION = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Cities of agents that plan, choose, remember and travel.",
)
"""All commands."""

for _panel, _commands in (
    ("Simulate", (run, demo, sweep, fork, calibrate, compile_)),
    ("Look at results", (figure, calls, validate)),
    ("Are people like people", (twins, traits)),
    ("In the browser", (serve, replay)),
    ("What there is", (models, parameters, version)),
):
    for _command in _commands:
        APPLICATION.command(rich_help_panel=_panel)(_command)
APPLICATION.add_typer(EXPERIMENT, name="experiment", rich_help_panel="Simulate")
APPLICATION.add_typer(JUDGE, name="judge", rich_help_panel="Look at results")
APPLICATION.add_typer(POLICIES, name="policy", rich_help_panel="Look at results")
APPLICATION.add_typer(LANGUAGE_MODELS, name="llm", rich_help_panel="What there is")
APPLICATION.add_typer(PROMPTS, name="prompts", rich_help_panel="What there is")
APPLICATION.add_typer(QUESTIONNAIRES, name="questionnaires", rich_help_panel="What there is")
APPLICATION.add_typer(MIGRATION, name="migration", rich_help_panel="Decisions learnt from surveys")


def main() -> None:
    """Run the command line."""
    APPLICATION(prog_name="mesa-llm-city")
