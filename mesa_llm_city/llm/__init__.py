"""Language models: many requests at once, answers kept before they are used, money counted."""

from mesa_llm_city.llm.archetypes import Archetype
from mesa_llm_city.llm.budget import Budget, Price, PriceTable
from mesa_llm_city.llm.clients import ClientSpec
from mesa_llm_city.llm.engine import Engine, EngineConfig
from mesa_llm_city.llm.ledger import Call, Ledger, Source, Totals
from mesa_llm_city.llm.llm import LLM
from mesa_llm_city.llm.store import Store

__all__ = [
    "LLM",
    "Archetype",
    "Budget",
    "Call",
    "ClientSpec",
    "Engine",
    "EngineConfig",
    "Ledger",
    "Price",
    "PriceTable",
    "Source",
    "Store",
    "Totals",
]
