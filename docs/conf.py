"""How Sphinx builds the manual: Markdown pages, reference from the docstrings, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa_llm_city

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "mesa-llm-city"
author = "The mesa-llm-city developers"
copyright = author  # noqa: A001 - the name Sphinx looks for
release = version = mesa_llm_city.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
]
templates_path = ["_templates"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 88
numpydoc_show_class_members = False  # autodoc shows them below the class

html_theme = "pydata_sphinx_theme"
html_title = project
html_theme_options = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
}
html_show_sourcelink = False


def is_told_elsewhere(value: object) -> bool:
    """Tell whether a member is a field of a named tuple (see Attributes) or a mere alias."""
    return type(value).__name__ in {"_tuplegetter", "GenericAlias"}


def skip_member(_app: Sphinx, _what: str, _name: str, value: object, *_: object) -> bool | None:
    """Leave such members out of the reference; leave the rest to autodoc."""
    return True if is_told_elsewhere(value) else None


def setup(app: Sphinx) -> None:
    """Connect the hook above."""
    app.connect("autodoc-skip-member", skip_member)
