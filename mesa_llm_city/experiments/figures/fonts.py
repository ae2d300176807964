"""Fonts of figures: names of places and people may be Chinese, Japanese or Korean."""

from __future__ import annotations

from functools import cache

__all__ = ["families"]

_EAST_ASIAN = (
    *("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC", "Noto Sans KR"),
    *("Source Han Sans", "IPAexGothic", "WenQuanYi Zen Hei", "Hiragino Sans", "PingFang SC"),
    *("Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "Arial Unicode MS"),
)


@cache
def families() -> list[str]:
    """Return the fonts for names: that of the figures, then the East Asian ones installed."""
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return ["sans-serif", *(name for name in _EAST_ASIAN if name in installed)]
