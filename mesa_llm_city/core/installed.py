"""Versions of installed packages."""

from __future__ import annotations

from functools import cache
from importlib import metadata

__all__ = ["version_of"]


@cache
def version_of(package: str) -> str:
    """Return the version of an installed package, looked up once a process.

    Python keeps an index of each folder that it has looked into, and another one whenever the
    folder has changed; a server that saves runs again and again would collect them.

    Parameters
    ----------
    package : str
        Name of the package, as it is installed by.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        If it is not installed.

    Examples
    --------
    >>> version_of("mesa").split(".")[0]
    '3'
    """
    return metadata.version(package)
