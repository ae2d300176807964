"""Media in a city: people read feeds in their free time, and pass on what moves them.

`SocialMedia` says which media there are; ``CityModel(media=SocialMedia(...))`` has them.
"""

from mesa_llm_city.simulation.media.social_media import SocialMedia

__all__ = ["SocialMedia"]
