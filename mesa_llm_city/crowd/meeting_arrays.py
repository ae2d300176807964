"""What loops over meetings read of a crowd, as plain arrays and numbers."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.held import held
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Int, Whole
from mesa_llm_city.crowd.acquainted import Acquainted
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.company_loops import Homes, Spots
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.talk_loops import Alike
from mesa_llm_city.crowd.wish_loops import Minds, Rules
from mesa_llm_city.mind.need_columns import need_rates
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.social import SocialParameters
from mesa_llm_city.population import BigFive
from mesa_llm_city.social.contact_loops import contact_numbers
from mesa_llm_city.social.conversation_loops import conversation_numbers
from mesa_llm_city.social.similarity import Interests, SimilarityTraits
from mesa_llm_city.social.tie_loops import tie_arrays
from mesa_llm_city.social.tie_slots import TieSlots, stranger_belief, tie_numbers

__all__ = ["alike_of", "homes_of", "minds_of", "rules_of", "spots_of"]

_EXTRAVERSION = BigFive._fields.index("extraversion")


def spots_of(state: CrowdState, known: Acquainted, parameters: CityParameters) -> Spots:
    """Return where the rows of a crowd are."""
    return state.kept(_spots_of, known.house, known.spot, codes_of(parameters).unaware)


def _spots_of(state: CrowdState, house: Whole, spot: Whole, unaware: Bool) -> Spots:
    columns = Spots(
        state.place,
        state.trip.destination,
        state.doing.purpose,
        state.people.home,
        house,
        spot,
        unaware,
    )
    return held(columns)


def minds_of(state: CrowdState, known: Acquainted) -> Minds:
    """Return how the rows of a crowd feel, and whom they know."""
    return state.kept(_minds_of, known.ties)


def _minds_of(state: CrowdState, ties: TieSlots) -> Minds:
    needs, doing = state.needs, state.doing
    columns = Minds(
        needs.level_code,
        needs.purpose,
        needs.since,
        needs.unmet,
        doing.end,
        doing.fixed,
        state.people.big_five,
        state.mood.columns,
        tie_arrays(ties),
    )
    return held(columns)


@keeps_latest
@lru_cache(maxsize=8)
def rules_of(parameters: CityParameters) -> Rules:
    """Return what decides about contacts."""
    rates, social = need_rates(parameters), parameters.social
    rules = Rules(
        contact_numbers(social.contact),
        tie_numbers(social.ties),
        stranger_belief(social.ties),
        _EXTRAVERSION,
        rates.names.index("social") if "social" in rates.names else -1,
        float(social.contact.social_unknown),
        rates.losses,
        rates.thresholds,
        *(np.uint64(word_of(one)) for one in ("company", "contact", "pair", "talk")),
    )
    return held(rules)


def alike_of(state: CrowdState, known: Acquainted, parameters: CityParameters) -> Alike:
    """Return what rows have in common, and what that counts for."""
    return state.kept(_alike_of, known.traits, known.interests, parameters.social)


def _alike_of(
    _state: CrowdState, traits: SimilarityTraits, interests: Interests, parameters: SocialParameters
) -> Alike:
    numbers = parameters.similarity
    columns = Alike(
        traits,
        interests,
        float(numbers.age_range),
        float(numbers.hobby_weight),
        conversation_numbers(parameters.conversation),
    )
    return held(columns)


def homes_of(house: NDArray[np.int32], ids: Int, order: Whole) -> Homes:
    """Return rows by household and by id.

    Parameters
    ----------
    house : ndarray of int32, shape (n,)
        As of `Acquainted`.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    order : ndarray of int, shape (n,) or (0,)
        As of `Acquainted`.
    """
    places = int(house.min(initial=np.iinfo(np.int32).max)) if len(house) else 0
    size = np.bincount(house - places)
    homes = Homes(
        np.lexsort((ids, house)).astype(np.int32),
        np.concatenate(([0], np.cumsum(size))).astype(np.int32),
        order,
        int(size.max(initial=0)),
        places,
    )
    return held(homes)
