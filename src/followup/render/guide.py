"""The purposes in one line each, and a guide that is read in half a minute."""

from __future__ import annotations

from followup.actions.guide import GuidePage, PurposeLine
from followup.core.model.stage import AFTER_SALE
from followup.files.guides import Guide
from followup.render.line import BLANK, Line, dim, strong
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import listed, spoken

_COLUMNS = (
    Column(title="Purpose"),
    Column(title="What it is for", least=24, most=80, wrap=True),
)


def guide_lines(result: GuidePage, screen: Screen) -> list[Line]:
    """One guide, or the list of all (`guide`)."""
    if result.guide is not None:
        return _guide(result.guide, result.items[0], screen)
    lines = table(_COLUMNS, [[strong(line.purpose), line.summary] for line in result.items], screen, indent=0)
    if screen.kind == "terminal":
        lines += [BLANK, *screen.paragraph(dim("One of them: "), "followup guide recovery")]
    return lines


def _guide(guide: Guide, line: PurposeLine, screen: Screen) -> list[Line]:
    lines = screen.paragraph(strong(spoken(guide.purpose)), f": {guide.summary}")
    lines += screen.paragraph(dim(_place(line)))
    lines += _part("For", guide.aim, screen)
    lines += _part("Begin", guide.begin, screen)
    lines += _part("Listen", guide.listen, screen)
    for way in guide.ways:
        lines += _part(way.title, way.text, screen)
    lines += screen.paragraph(strong("Ask two or three:"))
    for question in guide.ask:
        lines += screen.paragraph(f"- {question}", indent=2, hang=4)
    lines += _part("Not", guide.avoid, screen)
    lines += _part("End", guide.end, screen)
    lines += _part("In writing", guide.written, screen)
    lines += screen.paragraph(strong("Then type:"))
    for command in guide.record:
        lines += screen.paragraph(command, indent=2, hang=4)
    return lines


def _part(title: str, text: str, screen: Screen) -> list[Line]:
    return screen.paragraph(strong(f"{title}: "), text, hang=2)


def _place(line: PurposeLine) -> str:
    """When it may be, and what kind of contact it is: `learning; counts as education, nothing is sold`."""
    after = tuple(stage.value for stage in AFTER_SALE)
    when = "any time after the sale" if line.stages == after else listed([*map(spoken, line.stages)])
    kind = "" if line.service == "none" else f"counts as {line.service}, "
    sells = "asks for something: never together with service" if line.selling else "nothing is sold"
    return f"{when}; {kind}{sells}"
