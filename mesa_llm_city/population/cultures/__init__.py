"""Cultures: what is usual in a country, as parameters and marginal distributions."""

from mesa_llm_city.population.cultures.culture import CULTURES, Culture, culture_of

__all__ = ["CULTURES", "Culture", "culture_of"]
