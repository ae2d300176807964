"""The part of a city model that has social media."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa_llm_city.citizen.feeds import FEED_HABIT
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.records import Records, with_dates
from mesa_llm_city.simulation.residents import Residents
from mesa_llm_city.simulation.rounds import Rounds

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.media.city_media import CityMedia
    from mesa_llm_city.simulation.media.social_media import SocialMedia

__all__ = ["ModelMedia", "habits_of"]


class ModelMedia:
    """What a city model does with ``media=SocialMedia(...)``."""

    clock: Clock
    parameters: CityParameters
    records: Records
    residents: Residents
    rounds: Rounds
    run_seed: int
    world: World
    _media: CityMedia | None = None

    @property
    def media(self) -> CityMedia:
        """Posts, who follows whom, who was shown what, and what people make of it.

        Raises
        ------
        ConfigError
            If the model has no media.
        """
        if self._media is None:
            message = "there are no media here; give media=SocialMedia(topics=[...])"
            raise ConfigError(message)
        return self._media

    @property
    def media_or_none(self) -> CityMedia | None:
        """The same; None if the model has no media."""
        return self._media

    def posts(self) -> pd.DataFrame:
        """Return everything written on social media, one row each."""
        return with_dates(self.media.posts(), self.clock)

    def exposures(self) -> pd.DataFrame:
        """Return who was shown which post, when, where on the page and by which recommender."""
        return with_dates(self.media.exposures(), self.clock)

    def begin_media(self, options: SocialMedia | None) -> None:
        """Make the media, if there are any, for those who live here."""
        if options is None:
            return
        from mesa_llm_city.simulation.media.city_media import CityMedia

        if options.asks and self.rounds.llm is None:
            message = (
                "the media ask a language model (asks=True), but there is none; give llm=LLM(...)"
            )
            raise ConfigError(message)
        self._media = CityMedia(
            options,
            self.residents,
            rounds=self.rounds,
            records=self.records,
            names=self.world.names,
            seed=self.run_seed,
            parameters=self.parameters,
        )


def habits_of(options: SocialMedia | None) -> dict[str, object]:
    """Return the component by which people read feeds, if there are media."""
    if options is None:
        return {}
    from mesa_llm_city.simulation.media.social_media import SocialMedia

    if not isinstance(options, SocialMedia):
        message = f"media must be a SocialMedia or None, got {options!r:.80}"
        raise ConfigError(message)
    from mesa_llm_city.social.media import FeedHabit

    return {FEED_HABIT: FeedHabit()}
