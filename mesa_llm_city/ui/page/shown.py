"""What a page shows, as the command line tells it to the server.

Nothing of Mesa or Solara is loaded here: the command checks what it was given and starts the
server, which loads them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mesa_llm_city.experiments.options import RunOptions

__all__ = ["KEEP_VARIABLE", "SOURCE_VARIABLE", "Shown"]

SOURCE_VARIABLE = "MESA_LLM_CITY_PAGE"
"""Environment variable that says what a page shows, as `Shown.to_json` writes it."""

KEEP_VARIABLE = "MESA_LLM_CITY_KEEP_MIN"
"""Environment variable that says how long a run without a page is kept, in minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows: a model for each browser session, or a finished run.

    Parameters
    ----------
    options : RunOptions, optional
        Options of the models.
    folder : Path, optional
        Folder of the finished run.
    crowd : bool, default False
        Whether the rows of the crowd of that run are shown instead of its citizens.
    keep : Path, optional
        Folder in which runs, answers of a language model and what they cost outlast the server.
    against : Path, optional
        Folder of observed tables, whose curves the charts show beside those of the city.
    second : Path, optional
        Folder of another finished run, which the first one is compared with.
    names : tuple of str
        Names of both runs; those of their folders by default.

    Examples
    --------
    >>> shown = Shown(options=RunOptions(citizens=20))
    >>> Shown.from_json(shown.to_json()) == shown
    True
    """

    options: RunOptions | None = None
    folder: Path | None = None
    crowd: bool = False
    keep: Path | None = None
    against: Path | None = None
    second: Path | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        source = json.loads(text)
        options, folder, keep = source["options"], source["folder"], source["keep"]
        return cls(
            options=None if options is None else RunOptions(**options),
            folder=None if folder is None else Path(folder),
            crowd=bool(source["crowd"]),
            keep=None if keep is None else Path(keep),
            against=None if source["against"] is None else Path(source["against"]),
            second=None if source["second"] is None else Path(source["second"]),
            names=tuple(source["names"]),
        )

    def to_json(self) -> str:
        """Write it as text; it holds names of keys at most, never a key."""
        options = None if self.options is None else self.options.to_dict()
        folder = self.folder and str(self.folder)
        keep = self.keep and str(self.keep)
        against = self.against and str(self.against)
        told = {"options": options, "folder": folder, "crowd": self.crowd, "keep": keep}
        second = self.second and str(self.second)
        told |= {"against": against, "second": second}
        return json.dumps({**told, "names": self.names})
