"""Attention of few tokens to many, for models whose query heads share keys and values.

Most decoders have several query heads for each head of keys and values (Ainslie et al., 2023,
"GQA", https://doi.org/10.18653/v1/2023.emnlp-main.298). The usual way copies keys and values
for each query head. Behind the cells of a row there are a few tokens only, so here the queries
of all heads that share keys are put one below the other instead. Each product is the same.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn
from torch.nn import functional
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

__all__ = ["GROUPED", "grouped_attention"]

GROUPED = "grouped_sdpa"
"""Name of this implementation for transformers."""

_FEW = 10  # tokens: v and up to eight queries; with many more, copies matter less


def grouped_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **options: Any,  # noqa: ANN401 - as transformers calls it
) -> tuple[Tensor, Tensor | None]:
    """Return the attention of each token, shape (n, tokens, heads, width).

    Parameters
    ----------
    module : nn.Module
        Attention of a layer.
    query : Tensor, shape (n, heads, tokens, width)
        Queries.
    key, value : Tensor, shape (n, shared heads, positions, width)
        Keys and values.
    attention_mask : Tensor or None, shape (n, 1, tokens, positions)
        Which positions a token attends to.
    **options
        Scale of the scores, and others of transformers.
    """
    rows, heads, tokens, width = query.shape
    shared = key.shape[1]
    is_plain = heads == shared or tokens > _FEW or bool(options.get("dropout"))
    if attention_mask is None or attention_mask.shape[1] != 1 or is_plain:
        result: tuple[Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, **options
        )
        return result
    groups = heads // shared
    attended = functional.scaled_dot_product_attention(
        query.reshape(rows, shared, groups * tokens, width),
        key,
        value,
        attn_mask=attention_mask.repeat(1, 1, groups, 1),
        scale=options.get("scaling"),
    )
    return attended.reshape(rows, heads, tokens, width).transpose(1, 2).contiguous(), None


AttentionInterface.register(GROUPED, grouped_attention)
AttentionMaskInterface.register(GROUPED, sdpa_mask)
