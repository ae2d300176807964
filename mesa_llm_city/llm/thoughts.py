"""Thoughts: what a reasoning model writes before its answer, and what is left without it.

Servers that know a model send its thoughts apart; others leave them in the text, in the marks
that the model was trained with. A draft within thoughts is never an answer.
"""

from __future__ import annotations

import re

__all__ = ["after_thoughts"]

_TAGS = (
    r"(?:seed:|ant)?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflect(?:ion)?|analysis|scratchpad)"
)
# Of DeepSeek, Qwen and others; of Magistral; of Kimi; of OpenThinker and Cohere; of Gemma.
_OPEN = re.compile(
    rf"<{_TAGS}(?:\s[^<>]*)?>|\[THINK\]|◁think▷|<\|(?:begin_of_thought|START_THINKING)\|>"
    r"|<\|channel>thoughts?\b|<unused94>",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    rf"</{_TAGS}\s*>|\[/THINK\]|◁/think▷|<\|(?:end_of_thought|END_THINKING)\|>"
    r"|<channel\|>|<unused95>",
    re.IGNORECASE,
)
# The channels of gpt-oss, with its marks and as what is left where a server drops them.
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>")
_CHANNEL_END = re.compile(r"<\|(?:end|return|call|start)\|>")
_BARE_ANALYSIS = re.compile(r"\s*analysis(?=[A-Z])")
_BARE_FINAL = "assistantfinal"


def after_thoughts(text: str) -> str:
    """Return a text without the thoughts that precede the answer.

    Parameters
    ----------
    text : str
        What a model wrote.

    Returns
    -------
    str
        What stands outside of marked thoughts. Thoughts may lack the opening mark, since
        many templates put it into the prompt; if they lack the closing one, they were cut off.

    Examples
    --------
    >>> after_thoughts('<think>Perhaps {"choice": 1}?</think>{"choice": 2}')
    '{"choice": 2}'
    >>> after_thoughts("Let me see.</think>Yes.")
    'Yes.'
    >>> after_thoughts("<think>Let me")
    ''
    """
    return _untagged(_final_channel(text))


def _untagged(text: str) -> str:
    """Return what stands outside of marks; one within thoughts does not begin others."""
    kept, at, inside = "", 0, False
    for mark in sorted((*_OPEN.finditer(text), *_CLOSE.finditer(text)), key=re.Match.start):
        if _CLOSE.fullmatch(mark.group()):
            # Without an opening mark, all that came before were thoughts.
            kept = kept if inside else ""
            inside, at = False, mark.end()
        elif not inside:
            kept += text[at : mark.start()]
            inside = True
    return kept if inside else kept + text[at:]


def _final_channel(text: str) -> str:
    """Return the message on the last channel of a text with channels, if it is an answer."""
    if channels := [*_CHANNEL.finditer(text)]:
        last = channels[-1]
        if last.group(1) == "analysis":
            return ""
        return _CHANNEL_END.split(text[last.end() :], maxsplit=1)[0]
    if _BARE_ANALYSIS.match(text):
        return text.rpartition(_BARE_FINAL)[2] if _BARE_FINAL in text else ""
    return text
