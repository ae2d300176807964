"""Prompts: one Markdown file each, strict about their inputs, named and versioned.

The file of a prompt is named after the purpose of its question; `parse_prompt` describes
its format. A folder of one's own replaces single prompts, or adds some::

    library = PromptLibrary(folders=["my_prompts"])
"""

from mesa_llm_city.prompts.forms import UNKNOWN_PERSON, Rating, Reason, rules_after
from mesa_llm_city.prompts.hint import reply_hint
from mesa_llm_city.prompts.library import PromptLibrary
from mesa_llm_city.prompts.prompt import SECTIONS, Prompt, parse_prompt
from mesa_llm_city.prompts.prompted import Prompted, PromptForm
from mesa_llm_city.prompts.rendering import Rendered, estimated_tokens, quote

__all__ = [
    "SECTIONS",
    "UNKNOWN_PERSON",
    "Prompt",
    "PromptForm",
    "PromptLibrary",
    "Prompted",
    "Rating",
    "Reason",
    "Rendered",
    "estimated_tokens",
    "parse_prompt",
    "quote",
    "reply_hint",
    "rules_after",
]
