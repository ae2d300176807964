"""Options of a run, as pydantic models: one group a file, `RunOptions` with all of them.

Light to import, since the command line derives its help from them.
"""

from __future__ import annotations

from typing import TypeAlias

from mesa_llm_city.experiments.options.declare import OptionGroup
from mesa_llm_city.experiments.options.defects import OptionDefect, OptionsError
from mesa_llm_city.experiments.options.program_options import ProgramOptions
from mesa_llm_city.experiments.options.run_options import OPTION_GROUPS, RunOptions

__all__ = [
    "OPTION_GROUPS",
    "AnyOptions",
    "OptionDefect",
    "OptionGroup",
    "OptionsError",
    "ProgramOptions",
    "RunOptions",
]

AnyOptions: TypeAlias = RunOptions | ProgramOptions
"""Options of any run, in which a language model may be asked."""
