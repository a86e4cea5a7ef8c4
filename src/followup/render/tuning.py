"""What the log says about a playbook: the dip, who is reached how, first results, and how sure that is."""

from __future__ import annotations

import re

from followup.actions.results import Tuned, TunedChannel, TunedDay
from followup.core.tuning import BLEND, NOTHING_YET, PLAYBOOK, YOURS
from followup.render.line import BLANK, Line, Part, Span, dim, joined, strong
from followup.render.measure import line_width
from followup.render.screen import Screen
from followup.render.table import Column, table
from followup.render.words import count, listed, spoken

_DAYS = (
    Column(title="", most=28),
    Column(title="Playbook", most=24, label=True),
    Column(title="Your log", label=True),
    Column(title="Why not further", least=24, most=70, wrap=True),
)

_CHANNELS = (
    Column(title="Purpose", most=28),
    Column(title="By", most=14),
    Column(title="Reached", right=True, drop=1, label=True),
    Column(title="Rate", right=True, label=True),
    Column(title="Usual", right=True, drop=2, label=True),
    Column(title="Better", least=20, most=60, wrap=True),
)

_HOW_SURE = {
    NOTHING_YET: "Nothing is known yet: no outcome or score was logged between the start of use and maintenance.",
    PLAYBOOK: "Mostly the playbook: with fewer than 5 customers these numbers stay near what it says.",
    BLEND: "A blend of the playbook and your data: from 20 customers on your data decide.",
    YOURS: "Your data: 20 customers and more outweigh what the playbook assumed.",
}


def tuned_lines(result: Tuned, screen: Screen) -> list[Line]:
    """The proposal with what it rests on; then what was written or could be."""
    separator = screen.glyphs.separator
    lines = screen.paragraph(*joined([[strong(result.title)], [dim(result.playbook)], [dim(result.source)]], separator))
    lines += screen.facts([[fact] for fact in _basis(result)], indent=2)
    lines += screen.paragraph(_HOW_SURE.get(result.confidence, result.confidence), indent=2)
    lines += [BLANK, *screen.paragraph(strong("The dip")), *_dip(result, screen)]
    if result.channels:
        lines += [BLANK, *screen.paragraph(strong("Who is reached how"))]
        lines += table(_CHANNELS, [_channel_row(one) for one in result.channels], screen, indent=2)
    lines += _first_results(result, screen)
    caution = "Rates, not causes: who gets more contacts is often who has trouble."
    lines += [BLANK, *screen.paragraph(dim(caution))]
    if result.diff:
        lines += [BLANK, *(line for text in result.diff for line in _diff_line(text, screen))]
    lines += [BLANK, *(line for sentence in result.said for line in screen.paragraph(sentence, hang=2))]
    return lines + (screen.paragraph(strong("Dry run: nothing was changed.")) if result.dry_run else [])


def _basis(result: Tuned) -> list[str]:
    """How much was heard, and what was left out of it."""
    basis = [
        count(result.sales_count, "sale"),
        f"{count(result.customers_count, 'customer')} with {count(result.readings_count, 'reading')}",
    ]
    if result.lost_count:
        basis.append(f"{count(result.lost_count, 'customer')} lost before the trough")
    if result.left_out_count:
        basis.append(f"{count(result.left_out_count, 'high')} of the first days left out")
    return basis


def _dip(result: Tuned, screen: Screen) -> list[Line]:
    points = round(100 * (result.depth_proposed - result.depth_before))
    depth = f"{result.depth_before:g} to {result.depth_proposed:g}"
    if points:
        said = (
            f"Your customers dip {count(abs(points), 'point')} {'deeper' if points > 0 else 'less'} than the playbook"
        )
        lines = screen.paragraph(f"{said}: depth {depth}.", indent=2)
    else:
        lines = screen.paragraph(f"As deep as the playbook says: {result.depth_before:g}.", indent=2)
    stretch = result.stretch_proposed
    if stretch == 1:
        return lines + screen.paragraph("As fast as the playbook says.", indent=2)
    how = "slower" if stretch > 1 else "faster"
    lines += screen.paragraph(f"They go through it {how}: {stretch:g} times the playbook's days.", indent=2)
    return lines + table(_DAYS, [_day_row(day) for day in result.days], screen, indent=2)


def _day_row(day: TunedDay) -> list[Part]:
    if day.proposed is None:
        return [spoken(day.name), day.text, "", dim(day.note)]
    proposed = _moved(day, day.proposed)
    if day.written is not None and day.written != day.proposed:
        proposed += f" ({_moved(day, day.written)} can be written)"
    return [spoken(day.name), day.text, proposed, dim(day.note)]


def _moved(day: TunedDay, to: int) -> str:
    """The date as it would be written: `live+7` as `live+9`."""
    return re.sub(r"[0-9]+", str(to), day.text, count=1)


def _channel_row(one: TunedChannel) -> list[Part]:
    better: Part = ""
    if one.suggested is not None and one.suggested_rate is not None:
        better = Span(f"{spoken(one.suggested)}, {_percent(one.suggested_rate)}: {listed(one.steps)}", "strong")
    return [
        spoken(one.purpose),
        spoken(one.channel),
        f"{one.answered_count} of {one.tried_count}",
        _percent(one.rate),
        dim(_percent(one.usual_rate)),
        better,
    ]


def _percent(rate: float) -> str:
    return f"{round(100 * rate)} %"


def _first_results(result: Tuned, screen: Screen) -> list[Line]:
    found = result.first_result
    if not found.reached_count and not found.waiting_count:
        text = "None was recorded yet: followup done ID good --milestone first_result"
    else:
        sure = "a blend" if found.confidence == BLEND else found.confidence
        text = (
            f"About day {found.proposed_day} of use; the playbook expects it by day {found.expected_day} "
            f"({found.reached_count} reached, {found.waiting_count} still waiting: {sure})."
        )
    return [BLANK, *screen.paragraph(strong("First result")), *screen.paragraph(text, indent=2)]


def _diff_line(text: str, screen: Screen) -> list[Line]:
    """A line of the difference as it stands in the file; only one that is too long for the screen is broken."""
    part = strong(text) if text.startswith(("+", "-")) else dim(text)
    whole: Line = tuple(screen.spans([part]))
    if screen.room is None or line_width(whole) <= screen.room:
        return [whole]
    return screen.paragraph(part, hang=4)
