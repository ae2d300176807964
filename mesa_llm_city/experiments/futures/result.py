"""Futures: the models of a fork after their last step, and what differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mesa_llm_city.experiments.futures.comparisons import Comparisons
from mesa_llm_city.experiments.futures.folder import write_futures
from mesa_llm_city.experiments.futures.picture import draw_futures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Futures"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Futures(Comparisons):
    """What became of copies of one model that lived on in different ways (see `fork`).

    Parameters
    ----------
    models, minute, seeds, changes
        See `Comparisons`.
    """

    def __repr__(self) -> str:
        """Return names, moment and number of replicates."""
        first = next(iter(self.models.values()))[0]
        count = f"{len(self.seeds)} replicate{'s' if len(self.seeds) > 1 else ''}"
        return (
            f"Futures({', '.join(self.models)}; {count}, "
            f"{first.clock.at(self.minute):%Y-%m-%d %H:%M} to "
            f"{first.clock.at(first.minute):%Y-%m-%d %H:%M})"
        )

    def plot(self, future: str | None = None, *, against: str | None = None) -> Figure:
        """Draw trips by hour, minutes by purpose, and how many are touched as time goes on.

        Parameters
        ----------
        future, against : str, optional
            Names of the futures; with two, the second is compared with the first.

        Returns
        -------
        matplotlib.figure.Figure
            Made without pyplot, so no window is needed.
        """
        first, second = self.pair_of(future, against)
        return draw_futures(self, second, against=first)

    def to_folder(self, path: str | Path, *, force: bool = False) -> Path:
        """Write differences, who is touched, the tables since the fork, a picture and a manifest.

        Parameters
        ----------
        path : str or Path
            Folder of the results; it appears when it is complete.
        force : bool, default False
            Whether earlier results there may be replaced.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ConfigError
            If the folder exists and may not be replaced, or nothing can be written there.
        """
        return write_futures(self, Path(path), force=force)
