"""Elements that all components share: a panel with a title, an image, a table, a hint."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from uuid import uuid4

import solara

__all__ = ["Hint", "Panel", "Picture", "Popup", "Remark", "Rows", "image_url", "kind_word"]

_SLIM = """
.city-rows td, .city-rows th {
  padding: 1px 5px 1px 0 !important; height: auto !important;
  font-size: 0.75rem !important; vertical-align: top; overflow-wrap: break-word;
}
.city-rows th { white-space: nowrap; position: relative; }
.city-rows th:last-child, .city-rows td:last-child { padding-right: 0 !important; }
/* The arrow of a sorted column takes no room from the columns. */
.city-rows .v-data-table-header__icon { position: absolute; right: -3px; top: 3px;
  width: 11px; margin: 0 !important; font-size: 11px !important; }
.city-rows th:last-child { overflow: hidden; }
.city-rows th:last-child .v-data-table-header__icon { right: 0; }
.city-rows { scrollbar-width: thin; }
.city-rows .v-data-table__wrapper { overflow: visible; }
/* There is one length of a page, and screen readers could not use Vuetify's list of lengths. */
.city-rows .v-data-footer__select { display: none; }
"""
_LOOK = """
.city-panel{width:100%;min-width:0;padding:4px 8px;box-sizing:border-box}
.city-panel>h2{font-size:1rem;font-weight:650;line-height:1.4;margin:4px 0 6px;
  letter-spacing:-.005em}
/* Mesa's page gives each component a cell of a fixed height, and nothing keeps it inside. */
.vue-grid-item .city-panel { box-sizing: border-box; height: 100%; overflow: auto;
  display: flex; flex-direction: column; }
.vue-grid-item .city-panel > * { flex: none; max-width: 100%; }
.vue-grid-item .city-panel > img { flex: 0 1 auto; min-height: 60px; object-fit: contain;
  object-position: left top; }
"""
_POPUP = """
.city-popup-button{cursor:pointer;border:1px solid var(--city-edge,#8888);border-radius:7px;
  padding:3px 12px;white-space:nowrap;font-size:.84rem;font-weight:500;color:inherit;
  background:var(--city-surface,transparent);line-height:1.45}
.city-popup-button::after{content:" ▾"}
.city-popup-inside{position:fixed;inset:62px 72px auto auto;margin:0;width:min(300px,92vw);
  box-sizing:border-box;padding:10px 14px 14px;border-radius:10px;color:inherit;
  background:var(--city-surface,Canvas);border:1px solid var(--city-edge,#8888);
  box-shadow:0 10px 34px #0004}
@media (max-width:760px){.city-popup-inside{inset:104px 8px auto auto}}
"""


@solara.component
def Panel(title: str, children: Sequence[solara.Element] = (), *, name: str = "") -> None:
    """Show children under a title, as a region that screen readers name.

    Parameters
    ----------
    title : str
        Title above the children.
    children : sequence of elements, optional
        Contents; in a ``with`` block they are added.
    name : str, optional
        Hook for tests and styles: the class is ``city-`` and this.
    """
    solara.Style(_LOOK)
    heading = solara.v.Html(tag="h2", children=[title])
    solara.v.Html(
        tag="section",
        class_=f"city-panel city-{name}",
        children=[heading, *children],
        attributes={"aria-label": title},
    )


@solara.component
def Popup(
    title: str, children: Sequence[solara.Element] = (), *, name: str = "", turn: int = 0
) -> None:
    """Show a button that opens its children over the page; a click elsewhere closes them.

    The browser opens and closes it, by Escape too, so that nothing is sent for that.

    Parameters
    ----------
    title : str
        Label of the button.
    children : sequence of elements, optional
        Contents; in a ``with`` block they are added.
    name : str, optional
        Hook for tests and styles: the class is ``city-`` and this.
    turn : int, default 0
        Another number than before closes the children, as when their form was sent off.
    """
    solara.Style(_POPUP)
    key = solara.use_memo(lambda: f"city-{uuid4().hex[:12]}", [])
    button = solara.v.Html(
        tag="button",
        children=[title],
        class_="city-popup-button",
        attributes={"type": "button", "popovertarget": key},
    )
    inside = solara.v.Html(
        tag="div",
        children=list(children),
        class_="city-popup-inside",
        attributes={"popover": "auto", "id": key, "role": "dialog", "aria-label": title},
        # An element made anew is closed.
    ).key(f"turn {turn}")
    solara.v.Html(tag="div", children=[button, inside], class_=f"city-popup city-{name}")


@solara.component
def Hint(text: str) -> None:
    """Show a hint what to do, where there is no data yet."""
    look = {"display": "block", "color": "var(--city-faint, inherit)", "font-size": "0.88rem"}
    solara.Text(text, classes=["city-hint"], style=look)


@solara.component
def Remark(text: str, *, name: str = "", colour: str = "") -> None:
    """Show a line of small print.

    Parameters
    ----------
    text : str
        The text.
    name : str, optional
        Hook for tests and styles: the class is ``city-`` and this.
    colour : str, optional
        Colour of the text, such as for an error.
    """
    look = {"display": "block", "font-size": "0.82rem", "margin": "2px 0"}
    solara.Text(text, classes=[f"city-{name}"], style=look | ({"color": colour} if colour else {}))


@solara.component
def Picture(url: str, label: str) -> None:
    """Show an image as wide as its container, with a description.

    Parameters
    ----------
    url : str
        Address of the image (see `image_url`).
    label : str
        Description of the image, for people who cannot see it.
    """
    solara.v.Html(
        tag="img",
        attributes={"src": url, "alt": label, "title": label},
        style_="width: 100%; height: auto; display: block;",
    )


@solara.component
def Rows(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    label: str,
    wide: str = "",
    page: int = 10,
) -> None:
    """Show a table of texts that can be sorted.

    Texts are shown as they are, never as markup. One widget, whatever the number of rows.

    Parameters
    ----------
    head : sequence of str
        Names of the columns.
    rows : sequence of sequence of str
        Texts of the cells, one row each.
    label : str
        What the table is about, for screen readers.
    wide : str, optional
        Name of the column that gets most of the width.
    page : int, default 10
        Number of rows on a page of the table.
    """
    solara.Style(_SLIM)
    keys = [f"c{column}" for column in range(len(head))]
    solara.v.DataTable(
        headers=[
            {"text": name, "value": key, **({"width": "50%"} if name == wide else {})}
            for name, key in zip(head, keys, strict=True)
        ],
        items=[dict(zip(keys, row, strict=True)) for row in rows],
        attributes={"aria-label": label, "role": "region", "tabindex": "0"},
        class_="city-rows",
        dense=True,
        # A table in narrow windows too; Vuetify's other form has a list that cannot be read out.
        mobile_breakpoint=0,
        items_per_page=page,
        hide_default_footer=len(rows) <= page,
        footer_props={"items-per-page-options": [page]},
        style_="width: 100%; overflow-x: auto; background: transparent;",
    )


def image_url(data: bytes, kind: str = "image/png") -> str:
    """Return an image as a data URL.

    Examples
    --------
    >>> image_url(b"abc")
    'data:image/png;base64,YWJj'
    """
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}"


def kind_word(kind: object) -> str:
    """Return a readable word for a kind of place.

    Examples
    --------
    >>> kind_word("leisure=sports_centre")
    'sports centre'
    """
    return f"{kind}".rpartition("=")[2].replace("_", " ")
