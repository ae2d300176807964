"""Parameters among the keyword arguments of a model, as ``mesa.batch_run`` gives them."""

from __future__ import annotations

from collections.abc import Mapping

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters.default import default_parameters
from mesa_llm_city.parameters.tree import CityParameters

__all__ = ["with_keywords"]


def with_keywords(
    parameters: CityParameters | None, keywords: Mapping[str, object]
) -> CityParameters:
    """Return parameters in which those given by dotted name differ.

    A model takes ``**dotted`` and passes it on, so that the dotted name of any parameter can be
    varied by ``mesa.batch_run``.

    Parameters
    ----------
    parameters : CityParameters or None
        By default the default ones.
    keywords : mapping of str to object
        Values by dotted name.

    Raises
    ------
    ConfigError
        If a name has no dot, and is thus no parameter, but an argument that the model lacks.
    ParameterError
        If there is no such parameter, or a value is outside its range.

    Examples
    --------
    >>> with_keywords(None, {"mobility.gravity.gamma": 1.5}).mobility.gravity.gamma
    1.5
    """
    tree = default_parameters() if parameters is None else parameters
    if unknown := [name for name in keywords if "." not in name]:
        message = (
            f"the model takes no argument {', '.join(map(repr, unknown))}; names of parameters "
            "have dots, such as mobility.gravity.gamma"
        )
        raise ConfigError(message)
    return tree.with_(keywords) if keywords else tree
