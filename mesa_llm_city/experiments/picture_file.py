"""A picture beside results: one that cannot be drawn is told of, and harms nothing else."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["picture_file"]


@contextmanager
def picture_file(path: Path) -> Iterator[Path]:
    """Draw a picture inside the block; if that fails, warn and leave no half of it.

    Parameters
    ----------
    path : Path
        File of the picture, in a folder whose tables are written already.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     with picture_file(Path("no.png")):
    ...         raise ValueError("no font")
    >>> str(caught[0].message)
    "the picture could not be drawn (ValueError('no font')); the tables are complete"
    """
    try:
        yield path
    except Exception as error:  # noqa: BLE001 - whatever the drawing library raises
        with suppress(OSError):
            path.unlink(missing_ok=True)
        message = f"the picture could not be drawn ({error!r}); the tables are complete"
        # Shown where the block stands, past the context manager.
        warnings.warn(message, stacklevel=3)
