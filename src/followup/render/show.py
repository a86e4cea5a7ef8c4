"""One door for every result: a screen on a terminal, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from followup.actions.results import (
    Advice,
    Checked,
    ConcernList,
    ConfigView,
    CustomerList,
    CustomerPage,
    CustomerStages,
    DueList,
    History,
    Imported,
    ImportPreview,
    Planned,
    PlaybookList,
    PlaybookPage,
    Preview,
    PromiseList,
    Recorded,
    Replanned,
    Result,
    Tuned,
    Why,
    Written,
)
from followup.render.line import Line
from followup.render.screen import Screen, lines_text, put

# Results that live beside their action, by schema: where their lines are made.
_SCREENS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "followup.message/1": ("followup.render.message", "message_lines"),
        "followup.guide/1": ("followup.render.guide", "guide_lines"),
        "followup.file/1": ("followup.render.customer_file", "customer_file_lines"),
        "followup.remind/1": ("followup.render.reminded", "reminded_lines"),
        "followup.calendar/1": ("followup.render.calendar", "calendar_lines"),
        "followup.cron/1": ("followup.render.cron", "cron_lines"),
    }
)


def render(result: Result, screen: Screen) -> None:
    """Show `result`: laid out in colour on a terminal, one uncut line for each item in a pipe.

    What is beside the data (notices, how many items lie beyond the limit) goes to `screen.notes` in a pipe.
    """
    if screen.kind == "pipe":
        from followup.render.plain import plain_rows, rows_text

        rows = plain_rows(result)
        if rows is None:
            screen.write_lines(lines_of(result, screen))
        else:
            screen.write(rows_text(rows))
        if screen.notes and (beside := _beside(result, screen)):
            put(screen.notes, lines_text(beside))
        return
    print_screen([*lines_of(result, screen), *_notices(result, screen)], screen)


def render_greeting(screen: Screen) -> None:
    """What followup is and the three ways to begin, for somebody without a data file."""
    from followup.render.greeting import greeting_lines

    print_screen(greeting_lines(screen), screen)


def print_screen(lines: list[Line], screen: Screen) -> None:
    """Write lines; rich is loaded only where there is something to colour."""
    if screen.emphasis:
        from followup.render.terminal import print_lines

        print_lines(lines, screen)
    else:
        screen.write_lines(lines)


def _notices(result: Result, screen: Screen) -> list[Line]:
    from followup.render.words import notice_lines

    return notice_lines(result.notices, screen)


def _beside(result: Result, screen: Screen) -> list[Line]:
    """What a reader of the pipe should know although it is not data; hints only where a person reads them."""
    lines = _notices(result, screen)
    if isinstance(result, DueList) and result.hidden_count and screen.notes and screen.notes.isatty():
        lines += screen.paragraph(f"{result.hidden_count} more beyond the limit: followup due --all")
    return lines


def lines_of(result: Result, screen: Screen) -> list[Line]:
    """The lines of a result, laid out for `screen`. Each kind of result loads its own screen only."""
    match result:
        case DueList():
            from followup.render.due import due_lines

            return due_lines(result, screen)
        case Recorded():
            from followup.render.changes import recorded_lines

            return recorded_lines(result, screen)
        case Written():
            from followup.render.changes import written_lines

            return written_lines(result, screen)
        case Planned():
            from followup.render.changes import planned_lines

            return planned_lines(result, screen)
        case CustomerPage():
            from followup.render.customer import customer_lines

            return customer_lines(result, screen)
        case CustomerList():
            from followup.render.customers import customers_lines

            return customers_lines(result, screen)
        case PromiseList():
            from followup.render.facts import promises_lines

            return promises_lines(result, screen)
        case CustomerStages():
            from followup.render.facts import stages_lines

            return stages_lines(result, screen)
        case ConcernList():
            from followup.render.customers import concerns_lines

            return concerns_lines(result, screen)
        case Why():
            from followup.render.why import why_lines

            return why_lines(result, screen)
        case Preview():
            from followup.render.preview import preview_lines

            return preview_lines(result, screen)
        case PlaybookList():
            from followup.render.playbooks import playbook_list_lines

            return playbook_list_lines(result, screen)
        case PlaybookPage():
            from followup.render.playbooks import playbook_page_lines

            return playbook_page_lines(result, screen)
        case Checked():
            from followup.render.playbooks import checked_lines

            return checked_lines(result, screen)
        case Tuned():
            from followup.render.tuning import tuned_lines

            return tuned_lines(result, screen)
        case ImportPreview():
            from followup.render.imported import preview_lines as import_preview_lines

            return import_preview_lines(result, screen)
        case Imported():
            from followup.render.imported import imported_lines

            return imported_lines(result, screen)
        case History():
            from followup.render.history import history_lines

            return history_lines(result, screen)
        case ConfigView():
            from followup.render.config import config_lines

            return config_lines(result, screen)
        case Advice():
            from followup.render.advice import advice_lines

            return advice_lines(result, screen)
        case Replanned():
            from followup.render.replanned import replanned_lines

            return replanned_lines(result, screen)
        case _:
            module, function = _SCREENS[result.SCHEMA]
            lines: list[Line] = getattr(import_module(module), function)(result, screen)
            return lines
