"""XML of OpenStreetMap in which elements come twice, as downloads from Overpass have them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # heavy, and so imported only where it is used

__all__ = ["write_without_repeats"]

_KINDS = ("node", "way", "relation")


def write_without_repeats(source: Path, target: Path) -> None:
    """Write the same map with each element once, in the order that GDAL expects.

    Of elements that come twice the one with more content is kept: Overpass writes those it was
    asked for with tags, and parts of ways and relations again without.

    Parameters
    ----------
    source : pathlib.Path
        An ``.osm`` file.
    target : pathlib.Path
        Where to write; what is there is replaced.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        If the file is no XML.
    """
    from xml.etree import ElementTree as ET

    # Python's parser refuses entities that grow without bound since Expat 2.4.1.
    root = ET.parse(source).getroot()  # noqa: S314
    kept: dict[tuple[int, str], Element] = {}
    for element in root:
        if element.tag in _KINDS and element.get("action") != "delete":
            key = _KINDS.index(element.tag), element.get("id", "")
            if key not in kept or len(element) > len(kept[key]):
                kept[key] = element
    root[:] = [element for _, element in sorted(kept.items(), key=_place)]
    ET.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)


def _place(entry: tuple[tuple[int, str], Element]) -> tuple[int, int, str]:
    """Return nodes first, then ways, then relations, each by number."""
    (kind, written), _ = entry
    digits = written.removeprefix("-")
    number = int(digits) if digits.isdigit() and len(digits) < len(str(2**63)) else 0
    return kind, -number if written.startswith("-") else number, written
