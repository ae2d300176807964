"""A table to print, in Markdown and in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Sheet"]

_ESCAPED = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


class Sheet(NamedTuple):
    """A table with title and note.

    Parameters
    ----------
    title, note : str
        Title above and note below it.
    heads : sequence of str
        Heads of the columns.
    rows : sequence of sequence of str
        Cells of each row.
    text_columns : int
        Number of columns at the left that hold words; the others hold numbers.
    bold : frozenset of (int, int)
        Row and column of the cells in bold.
    blocks : frozenset of int
        Rows that begin a block; LaTeX draws a line above them.
    """

    title: str
    note: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    text_columns: int
    bold: frozenset[tuple[int, int]] = frozenset()
    blocks: frozenset[int] = frozenset()

    def to_markdown(self) -> str:
        """Return the table in Markdown, with its title as a heading.

        Examples
        --------
        >>> print(Sheet("Speed", "", ("Mode", "km/h"), [("bus", "18")], 1).to_markdown())
        ## Speed
        <BLANKLINE>
        | Mode | km/h |
        | :--- | ---: |
        | bus | 18 |
        <BLANKLINE>
        """
        count = len(self.heads)
        rule = [":---" if at < self.text_columns else "---:" for at in range(count)]
        lines = [self.heads, rule, *self._marked("**{}**")]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        note = f"\n{self.note}\n" if self.note else ""
        return f"## {self.title}\n\n{table}\n{note}"

    def to_latex(self) -> str:
        r"""Return the table as LaTeX with the package booktabs.

        Examples
        --------
        >>> print(Sheet("A", "", ("Of", "%"), [("x_1", "2")], 1).to_latex())
        \begin{table}
          \centering
          \caption{A}
          \begin{tabular}{lr}
            \toprule
            Of & \% \\
            \midrule
            x\_1 & 2 \\
            \bottomrule
          \end{tabular}
        \end{table}
        """
        count = len(self.heads)
        kinds = "".join("l" if at < self.text_columns else "r" for at in range(count))
        marked = [[_escaped(one) for one in row] for row in self.rows]
        for row, column in self.bold:
            marked[row][column] = rf"\textbf{{{marked[row][column]}}}"
        lines = [rf"{' & '.join(cells)} \\" for cells in marked]
        for at in sorted(self.blocks - {0}, reverse=True):
            lines.insert(at, r"\midrule")
        caption = f"{self.title}. {self.note}" if self.note else self.title
        body = [
            r"\toprule",
            rf"{' & '.join(map(_escaped, self.heads))} \\",
            r"\midrule",
            *lines,
            r"\bottomrule",
        ]
        inner = "\n".join(f"    {line}" for line in body)
        return (
            f"\\begin{{table}}\n  \\centering\n  \\caption{{{_escaped(caption)}}}\n"
            f"  \\begin{{tabular}}{{{kinds}}}\n{inner}\n  \\end{{tabular}}\n\\end{{table}}"
        )

    def _marked(self, how: str) -> list[list[str]]:
        marked = [list(row) for row in self.rows]
        for row, column in self.bold:
            marked[row][column] = how.format(marked[row][column])
        return marked


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(sign, sign) for sign in text)
