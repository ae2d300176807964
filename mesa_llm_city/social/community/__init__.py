"""Online communities: a design of goal, rules, roles and personas, and what members do in it.

After Social Simulacra (Park et al. 2022, UIST, https://doi.org/10.1145/3526113.3545616). Numbers
are in `CityParameters.social.community`.
"""

from mesa_llm_city.social.community.breaches import BREACHES, breach_probability
from mesa_llm_city.social.community.contribution import Contribution, Contributor
from mesa_llm_city.social.community.contribution_prompt import ContributePrompt
from mesa_llm_city.social.community.design import (
    ACTIONS,
    CommunityDesign,
    CommunityRule,
    MemberPersona,
    MemberRole,
)
from mesa_llm_city.social.community.judgement import Judgement, Moderator
from mesa_llm_city.social.community.judgement_prompt import ModeratePrompt
from mesa_llm_city.social.community.members import Member, members_of
from mesa_llm_city.social.community.visit import SeenPost, Visit

__all__ = [
    "ACTIONS",
    "BREACHES",
    "CommunityDesign",
    "CommunityRule",
    "ContributePrompt",
    "Contribution",
    "Contributor",
    "Judgement",
    "Member",
    "MemberPersona",
    "MemberRole",
    "ModeratePrompt",
    "Moderator",
    "SeenPost",
    "Visit",
    "breach_probability",
    "members_of",
]
