"""Tables that keep to the width there is: what has no room in the last column stands below its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_ROOM: Final = 40
"""Characters of a line in which sentences can be read."""
_ANY: Final = 10_000
"""A width that no table needs."""


class Rows:
    """Rows of short cells and, last, a sentence.

    Attributes:
        title: what stands above them.
        columns: what the cells are.
    """

    def __init__(self, title: str, *columns: str) -> None:
        self.title = title
        self.columns = columns
        self._rows: list[list[Text]] = []

    def add_row(self, *cells: str | Text) -> None:
        """Add a row, a cell for each column."""
        self._rows.append([cell if isinstance(cell, Text) else Text(cell) for cell in cells])

    def add_section(self) -> None:
        """Leave a line before the next row."""
        if self._rows:
            self._rows.append([])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rows = [row for row in self._rows if row]
        if not rows:
            return
        widths = [max([len(text), *(row[at].cell_len for row in rows)]) for at, text in enumerate(self.columns[:-1])]
        room = options.max_width - sum(widths) - 2 * len(widths)
        beside = self._beside()
        fits = room >= _ROOM or console.measure(beside, options=options.update(width=_ANY)).maximum <= options.max_width
        yield from [beside] if fits else self._below(widths)

    def _beside(self) -> Table:
        table = _empty(self.title)
        for column in self.columns[:-1]:
            table.add_column(column, no_wrap=True)
        table.add_column(self.columns[-1], overflow="fold")
        for row in self._rows:
            if row:
                table.add_row(*row)
            else:
                table.add_section()
        return table

    def _below(self, widths: list[int]) -> Iterator[Text | Padding]:
        yield Text(f"{self.title}\n", style="italic")
        for row in self._rows:
            cells = zip(row, widths, strict=False)  # but for the last
            yield Text.assemble(*(part for cell, width in cells for part in (cell, " " * (width - cell.cell_len + 2))))
            if row:
                yield Padding(row[-1], (0, 0, 0, 4))
        yield Text()


def side_by_side(title: str, *columns: str) -> Table:
    """A table whose columns, but for the first, share the width and hold text of any length."""
    table = _empty(title)
    table.add_column(columns[0], no_wrap=True)
    for column in columns[1:]:
        table.add_column(column, overflow="fold", ratio=1)
    return table


def _empty(title: str) -> Table:
    return Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1))
