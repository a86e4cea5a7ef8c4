"""Configuration values that were asked for."""

from __future__ import annotations

from followup.actions.results import ConfigView
from followup.render.line import Line, Part, dim, strong
from followup.render.screen import Screen
from followup.render.table import Column, table

_COLUMNS = (Column(title="Name", most=40), Column(title="Value", least=20, most=100, wrap=True))


def config_lines(result: ConfigView, screen: Screen) -> list[Line]:
    """Names and values; without values where the file is."""
    if not result.values:
        return screen.paragraph(result.path)
    rows: list[list[Part]] = [[strong(name), value] for name, value in result.values.items()]
    return [*table(_COLUMNS, rows, screen, indent=0, titles=False), *screen.paragraph(dim(result.path))]
