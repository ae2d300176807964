"""The command line as a module: ``python -m mesa_llm_city``."""

from __future__ import annotations

from mesa_llm_city.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
