"""The command line `mesa-llm-city`: one file for each group of commands.

Commands read options and print; the work is done in `experiments`.
"""

from __future__ import annotations

from mesa_llm_city.cli.application import main

__all__ = ["main"]
