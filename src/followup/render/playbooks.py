"""Playbooks: the list, one with its steps and curve, and what a check found."""

from __future__ import annotations

from followup.actions.results import Checked, PlaybookLine, PlaybookList, PlaybookPage, StepLine
from followup.errors import Problem
from followup.render.curve import curve_lines
from followup.render.line import BLANK, Line, Part, dim, joined, late, strong
from followup.render.screen import Screen
from followup.render.table import Column, sectioned, table
from followup.render.words import count, listed, named, spoken

_LIST = (
    Column(title="Playbook", most=28),
    Column(title="Title", least=24, most=70, wrap=True),
    Column(title="Complexity", drop=2),
    Column(title="Steps", right=True, drop=3, label=True),
    Column(title="Sales", right=True, drop=1, label=True),
    Column(title="From", least=8, most=50, drop=4, wrap=True),
)

_NAMED = (Column(title=""), Column(title="", least=20, most=90, wrap=True))

_STEPS = (
    Column(title="Step", most=28),
    Column(title="When", most=36),
    Column(title="For", drop=1),
    Column(title="By", drop=2),
    Column(title="Window", drop=3, label=True),
    Column(title="Need", drop=4),
    Column(title="Goal", least=24, most=70, drop=5, wrap=True),
)


def playbook_list_lines(result: PlaybookList, screen: Screen) -> list[Line]:
    """The playbooks that can be named."""
    if not result.items:
        return screen.paragraph("No playbooks are known. A first one: ", strong("followup playbook new my-plan"))
    return table(_LIST, [_list_row(item) for item in result.items], screen, indent=0)


def _list_row(item: PlaybookLine) -> list[Part]:
    return [
        strong(item.playbook),
        item.title,
        item.complexity,
        str(item.steps_count),
        str(item.sales_count) if item.sales_count else "",
        dim(item.source),
    ]


def playbook_page_lines(result: PlaybookPage, screen: Screen) -> list[Line]:
    """One playbook: what it is for, its stages, the curve, the steps."""
    separator = screen.glyphs.separator
    lines = screen.paragraph(*joined([[strong(result.title)], [dim(result.playbook)], [dim(result.source)]], separator))
    if result.goal:
        lines += screen.paragraph(result.goal, indent=2)
    kinds = (
        ("complexity", result.complexity),
        ("life_cycle", result.life_cycle),
        ("extensiveness", result.extensiveness),
        ("score", result.kpi),
    )
    lines += screen.facts([named([kind]) for kind in kinds], indent=2)
    if result.first_result:
        lines += screen.paragraph(dim("First result: "), result.first_result, indent=2, hang=4)
    for label, values in (
        ("Dates", result.anchors),
        ("Stages begin", result.stages),
        ("To hand over", result.resources),
    ):
        if values:
            lines += screen.paragraph(dim(label), indent=2)
            lines += table(_NAMED, [[spoken(name), text] for name, text in values.items()], screen, indent=4)
    lines += curve_lines(result.mood, result.curve, screen, live_on=None, today=None)
    lines += [BLANK, *screen.paragraph(strong(count(len(result.steps), "step")))]
    return lines + _steps(result, screen)


def _steps(result: PlaybookPage, screen: Screen) -> list[Line]:
    """The steps by stage; those that hang on a date whatever the stage come under `any stage`."""
    stages = dict.fromkeys(step.stage for step in result.steps)
    sections = [
        (
            spoken(stage) if stage else "any stage",
            [_step_row(step) for step in result.steps if step.stage == stage],
        )
        for stage in stages
    ]
    return sectioned(_STEPS, sections, screen)


def _step_row(step: StepLine) -> list[Part]:
    before, after = step.window
    return [
        strong(step.step),
        step.when + (f", every {step.every}" if step.every else ""),
        spoken(step.purpose),
        spoken(step.channel),
        dim(f"{before:+d} {after:+d}" if before or after else "on the day"),
        dim("" if step.need == "core" else step.need),
        step.goal,
    ]


def checked_lines(result: Checked, screen: Screen) -> list[Line]:
    """Every problem with its place, and the verdict."""
    lines: list[Line] = []
    for problem in result.problems:
        lines += problem_lines(problem, screen)
    errors = sum(problem.severity == "error" for problem in result.problems)
    warnings = len(result.problems) - errors
    files = result.files[0] if len(result.files) == 1 else count(len(result.files), "file")
    if not result.problems:
        return screen.paragraph(strong(files), ": nothing to mend")
    found = listed(
        [text for number, text in ((errors, count(errors, "error")), (warnings, count(warnings, "warning"))) if number]
    )
    refused = errors or (warnings and result.strict)
    verdict = "refused" if refused else "can be used"
    return [
        *lines,
        BLANK,
        *screen.paragraph(strong(files), f": {found}, ", late(verdict) if refused else verdict),
    ]


def problem_lines(problem: Problem, screen: Screen, *, indent: int = 0) -> list[Line]:
    """One problem as `file:line:column: what is wrong - how to mend it`; the place stays together."""
    place = problem.source
    if problem.line:
        place += f":{problem.line}" + (f":{problem.column}" if problem.column else "")
    parts: list[Part] = [strong(f"{place}:"), " "]
    parts.append(dim("warning: ") if problem.severity == "warning" else "")
    parts.append(problem.message)
    if problem.hint:
        parts.append(dim(f" - {problem.hint}"))
    return screen.paragraph(*parts, indent=indent, hang=indent + 4)
