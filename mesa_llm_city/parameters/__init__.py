"""Every number that shapes behaviour, as one tree with names, units, ranges and sources.

Start with `CityParameters`; a new mode, need or purpose is a row of it. The other files hold
one branch each.
"""

from mesa_llm_city.parameters.base import Branch, parameter
from mesa_llm_city.parameters.default import default_parameters
from mesa_llm_city.parameters.defects import Defect, ParameterError
from mesa_llm_city.parameters.dotted import split_dotted
from mesa_llm_city.parameters.frozen import Curve, FrozenMap
from mesa_llm_city.parameters.info import ParameterInfo
from mesa_llm_city.parameters.keywords import with_keywords
from mesa_llm_city.parameters.modes import ModeSpec
from mesa_llm_city.parameters.needs import NeedSpec
from mesa_llm_city.parameters.purposes import PurposeSpec
from mesa_llm_city.parameters.tree import CityParameters

__all__ = [
    "Branch",
    "CityParameters",
    "Curve",
    "Defect",
    "FrozenMap",
    "ModeSpec",
    "NeedSpec",
    "ParameterError",
    "ParameterInfo",
    "PurposeSpec",
    "default_parameters",
    "parameter",
    "split_dotted",
    "with_keywords",
]
