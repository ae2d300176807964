"""Parameters of what people hear, feel, believe and pass on, about any number of topics."""

from mesa_llm_city.parameters.society.awareness import AwarenessParameters
from mesa_llm_city.parameters.society.community import CommunityParameters
from mesa_llm_city.parameters.society.emotion import EmotionParameters
from mesa_llm_city.parameters.society.sharing import SharingParameters
from mesa_llm_city.parameters.society.stance import (
    BoundedConfidenceParameters,
    FriedkinJohnsenParameters,
    HegselmannKrauseParameters,
    RepulsionParameters,
    SoftParameters,
    StanceParameters,
)

__all__ = [
    "AwarenessParameters",
    "BoundedConfidenceParameters",
    "CommunityParameters",
    "EmotionParameters",
    "FriedkinJohnsenParameters",
    "HegselmannKrauseParameters",
    "RepulsionParameters",
    "SharingParameters",
    "SoftParameters",
    "StanceParameters",
]
