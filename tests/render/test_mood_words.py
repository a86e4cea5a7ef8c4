"""What people read about mood and risk: measured or estimated (E13), what to look at (B40, C16), what fell away."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from followup.actions.results import CustomerList, CustomerPage, MoodView, SaleView, Why
from followup.core.model.touchpoint import Reason
from followup.render.words import spoken

Show = Callable[..., Any]
ON = date(2026, 3, 9)
ESTIMATED = MoodView(model=58, evidence=48, estimate=52, measured_on=date(2026, 2, 2), measured=60)
MEASURED = MoodView(model=58, evidence=20, estimate=36, measured_on=ON, measured=20, label="measured")
FLAGS = (
    Reason("complacency", "the mood is good, but nothing of value was given for 130 days", {"days": 130}),
    Reason("on_hold", "they asked for a pause", {}),
)


@pytest.fixture
def page(samples: Mapping[str, Any]) -> Callable[..., CustomerPage]:
    """The sample customer with a changed sale."""

    def changed(**facts: Any) -> CustomerPage:
        result: CustomerPage = samples["customer"]
        return dataclasses.replace(result, sales=(dataclasses.replace(result.sales[0], **facts),))

    return changed


def test_e13_measured_and_estimated_are_told_apart(page: Callable[..., CustomerPage], show: Show) -> None:
    """E13."""
    assert (
        "mood (est.) 52 ↓ decaying (model 58, evidence 48, measured 60 on 2026-02-02)"
        in show(page(mood=ESTIMATED), 140).text
    )
    assert (
        "mood measured 20 on 2026-03-09, estimated 36 ↓ decaying (model 58, evidence 20)"
        in show(page(mood=MEASURED), 140).text
    )


def test_e13_why_says_it_in_the_heading(samples: Mapping[str, Why], show: Show) -> None:
    """E13."""
    for mood, heading in ((ESTIMATED, "\nMood (estimated)\n"), (MEASURED, "\nMood (measured)\n")):
        assert heading in show(dataclasses.replace(samples["why"], mood=mood), 140).text


@pytest.mark.parametrize("kind", ["terminal", "pipe"])
def test_what_to_look_at_stands_with_the_sale(page: Callable[..., CustomerPage], show: Show, kind: str) -> None:
    """B40, C16."""
    said = show(page(flags=FLAGS), 140, kind=kind).text
    assert "complacency: the mood is good, but nothing of value was given for 130 days" in said
    assert "on hold: they asked for a pause" in said


def test_the_list_names_what_to_look_at_in_a_word(samples: Mapping[str, CustomerList], show: Show) -> None:
    first, *others = samples["list"].items
    result = dataclasses.replace(samples["list"], items=(dataclasses.replace(first, flags=FLAGS), *others))
    lines = show(result, 200).lines
    assert "Look at" in lines[0]
    assert "complacency, on hold" in lines[1]
    assert show(result, kind="pipe").lines[0].split("\t")[-1] == "complacency, on_hold"


def test_the_list_has_no_such_column_while_all_is_well(samples: Mapping[str, CustomerList], show: Show) -> None:
    assert "Look at" not in show(samples["list"], 200).text


def test_why_shows_every_part(samples: Mapping[str, Why], show: Show) -> None:
    said = show(samples["why"], 140).text
    for words in (
        "Look at this\n  stuck: No first result after three extensions.",
        "Lane 3: no problem, no broken promise",
        "18.2 of 40 for risk",
        "What was heard",
        "2026-03-09    70    0.91  measured  nps 7",
        "2026-02-25    95    0.37  inferred  outcome great",
        "Early effort\n  Two of three early contacts were made in time. (effort: effort 0.62)",
        "Relationship\n  strength 64 of 100 · falls to 90 in 40 days without a contact of value",
    ):
        assert words in said, words


def test_before_maintenance_no_strength_is_told(samples: Mapping[str, Why], show: Show) -> None:
    assert "Relationship" not in show(dataclasses.replace(samples["why"], strength=None), 140).text


@pytest.mark.parametrize(
    ("status", "rule", "said"),
    [
        ("held", "recovery", "21 is held: it comes later"),
        ("held", "on_hold", "21 is held: it comes later"),
        ("held", "other", "21 is held: they asked for a pause"),
        ("expired", "expired", "expired: it comes later"),
        ("absorbed", "folded", "folded into another: it comes later"),
    ],
)
def test_what_waits_or_fell_away_says_why(
    page: Callable[..., CustomerPage],
    show: Show,
    make_touchpoint: Callable[..., Any],
    acme_sale: SaleView,
    status: str,
    rule: str,
    said: str,
) -> None:
    own = Reason(rule, "held: it comes later" if rule == "recovery" else "it comes later", {})
    reasons = (own, Reason("written", "written last", {}))
    view = make_touchpoint(id=21, step="pulse", purpose="feedback", status=status, reasons=reasons, days_overdue=0)
    text = show(page(touchpoints=(*acme_sale.touchpoints, view), flags=FLAGS), 140).text
    assert said in text
    assert ("What fell away" in text) is (status != "held")
    assert spoken(view.purpose) in text


def test_nothing_fell_away_is_not_mentioned(page: Callable[..., CustomerPage], show: Show) -> None:
    assert "What fell away" not in show(page(), 140).text
