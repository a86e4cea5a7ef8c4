"""A playbook becomes typed values, or every problem at once with its place and how to mend it (PLAYBOOKS)."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.playbook import Duration, Playbook, Reaction, Step, Unit, When
from followup.core.model.purpose import Service
from followup.core.model.stage import Stage
from followup.core.numbers import playbook_numbers
from followup.errors import Problem
from followup.files.playbook_lint import check_playbook
from followup.files.playbook_reader import read_playbook
from followup.files.playbook_starter import starter_playbook
from followup.files.shipped import shipped_playbook_names, shipped_playbook_text

HEAD = """\
playbook: demo
version: 1
title: Demo
anchors:
  sale: signed
  live: {says: use starts, default: sale}
  renewal: {says: end of term, default: sale+1y, repeats: 1y}
  warranty: end of warranty
stages:
  before_sale: {from: sale-21}
  novelty: {from: sale}
  learning: {from: live+7, trough: live+28}
  effectiveness: {from: live+66}
  maintenance: {from: live+180}
resources:
  film: {title: A film, form: video}
steps:
"""
FIRST = HEAD.count("\n") + 1
"""The line on which the first step begins."""


def step_text(**changes: str | None) -> str:
    """A step of six lines, id on the first, with keys changed, added at the end, or (None) left out."""
    keys: dict[str, str | None] = {
        "id": "a",
        "stage": "learning",
        "when": "live+14",
        "purpose": "prevention",
        "goal": "g",
        "gives": "x",
    }
    keys.update({name.rstrip("_"): value for name, value in changes.items()})
    return "  - " + "\n    ".join(f"{name}: {value}" for name, value in keys.items() if value is not None) + "\n"


def said(text: str) -> list[str]:
    """The problems of a text, without the name of the file."""
    return [str(problem).removeprefix("f:") for problem in read_playbook(text, source="f")[1]]


def good(text: str) -> Playbook:
    """The playbook of a text without problems."""
    playbook, problems = read_playbook(text, source="f")
    assert [str(problem) for problem in problems] == []
    assert playbook is not None
    return playbook


def the_step(**changes: str | None) -> Step:
    """The only step of a playbook without problems."""
    return good(HEAD + step_text(**changes)).steps[0]


@pytest.mark.parametrize("key", shipped_playbook_names())
def test_a_shipped_playbook_reads_without_a_word(key: str) -> None:
    playbook = good(shipped_playbook_text(key))
    assert playbook.key == key
    assert len(playbook.steps) >= 15
    assert playbook.kpi in ("nps", "csat")
    assert all(step.line > 0 for step in playbook.steps)


def test_what_is_written_becomes_typed_values() -> None:
    playbook = good(
        HEAD
        + step_text(
            every="26w",
            until="renewal",
            stage="maintenance",
            when="live+200",
            window="[-7, 14]",
            channel="phone",
            fallback="email",
            to="user",
            need="extra",
            if_="{usage: [heavy, normal], tag: pilot}",
            ask="[What did you try?, Where did it stop?]",
            subject="Two weeks in",
            message="'{first_name}, how is {goal|it}?'",
            resources="[film]",
            any_day="yes",
            outcomes="{good: Keep calling., concern: {says: Look again., check: 3d},"
            " no-answer: {retry: [2bd, 5bd]}, left-message: {retry: []}, problem: {recovery: true},"
            " great: {milestone: first_result}}",
        )
    )
    step = playbook.step("a")
    assert step is not None
    assert (step.stage, step.when, step.every) == (
        Stage.MAINTENANCE,
        When("live", Duration(200)),
        Duration(26, Unit.WEEK),
    )
    assert (step.until, step.window, step.channel, step.fallback, step.to) == (
        "renewal",
        (-7, 14),
        "phone",
        "email",
        "user",
    )
    assert step.extra
    assert step.any_day
    assert not step.any_stage
    assert dict(step.condition.allowed) == {"usage": ("heavy", "normal"), "tag": ("pilot",)}
    assert step.ask == ("What did you try?", "Where did it stop?")
    assert step.message == "{first_name}, how is {goal|it}?"
    assert dict(step.outcomes) == {
        "good": Reaction(says="Keep calling."),
        "concern": Reaction(says="Look again.", check=Duration(3)),
        "no-answer": Reaction(retry=(Duration(2, Unit.WORKING_DAY), Duration(5, Unit.WORKING_DAY))),
        "left-message": Reaction(retry=()),
        "problem": Reaction(recovery=True),
        "great": Reaction(milestone="first_result"),
    }
    assert playbook.anchors["renewal"].default == When("sale", Duration(1, Unit.YEAR))
    assert playbook.anchors["renewal"].repeats == Duration(1, Unit.YEAR)
    assert playbook.anchors["warranty"].says == "end of warranty"
    assert playbook.stages[Stage.LEARNING].trough == When("live", Duration(28))


def test_what_is_left_out_has_its_default() -> None:
    playbook = good("playbook: x\ntitle: t\nsteps:\n" + step_text())
    assert (playbook.version, playbook.kpi, playbook.complexity) == (1, "nps", "moderate")
    assert set(playbook.anchors) == {"sale", "live"}
    assert playbook.anchors["live"].default == When("sale")
    assert playbook.stages == {}
    step = playbook.steps[0]
    assert (step.window, step.channel, step.every, step.cycle) == ((0, 0), "phone", None, False)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("live+14", When("live", Duration(14))),
        ("live + 14d", When("live", Duration(14))),
        ("live+2w", When("live", Duration(2, Unit.WEEK))),
        ("live+10bd", When("live", Duration(10, Unit.WORKING_DAY))),
        ("sale+1m", When("sale", Duration(1, Unit.MONTH))),
        ("warranty-45", When("warranty", Duration(-45))),
        ("trough", When("trough")),
        ("trough-3", When("trough", Duration(-3))),
        ("learning+5", When("learning", Duration(5))),
        ("learning+25%", When("learning", percent=25)),
        ("learning+12.5%", When("learning", percent=12.5)),
        ("learning+100%", When("learning", percent=100)),
    ],
)
def test_dates_are_read_as_they_are_written(when: str, expected: When) -> None:
    assert the_step(when=when).when == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("180", Duration(180)),
        ("180d", Duration(180)),
        ("26w", Duration(26, Unit.WEEK)),
        ("6m", Duration(6, Unit.MONTH)),
    ],
)
def test_lengths_of_time_are_read_as_they_are_written(written: str, expected: Duration) -> None:
    assert the_step(every=written).every == expected


def test_cycle_hangs_on_an_anchor() -> None:
    step = the_step(when="warranty-45", every="cycle", any_stage="true", stage=None, deadline="warranty")
    assert step.cycle
    assert step.stage is None
    assert step.deadline == "warranty"


@pytest.mark.parametrize(
    ("written", "expected"), [("[-2, 2]", (-2, 2)), ("[0, 1]", (0, 1)), ("3", (-3, 3)), ("[0, 0]", (0, 0))]
)
def test_windows_are_days_before_and_after(written: str, expected: tuple[int, int]) -> None:
    assert the_step(window=written).window == expected


@pytest.mark.parametrize("when", ["trough", "learning+3"])
def test_a_date_that_names_its_stage_needs_no_other(when: str) -> None:
    assert the_step(stage=None, when=when).stage is Stage.LEARNING


def test_numbers_are_laid_over_the_defaults() -> None:
    """Appendix B: nested as it stands there, or each section on its own."""
    text = (
        "playbook: x\ntitle: t\ncurve: {depth: 0.3, effort: {floor: 0.3}, readings: {good: 0.9}}\n"
        "concerns: {major: 0.6}\nrenewal_chain: [60, 30]\nmaintenance: {target: {A: 0.9}}\n"
        "retry: {voicemail_on: [], alternate_channel: no}\neffort_weights: {welcome: 1}\n"
        "contact: {hours: '08:00-17:00', working_days: [mon, tue]}\nsteps:\n" + step_text()
    )
    playbook = good(text)
    numbers = playbook_numbers(playbook)
    assert (numbers.curve.depth, numbers.curve.effort.floor, numbers.curve.effort.rise) == (0.3, 0.3, 0.25)
    assert (numbers.curve.concerns.major, numbers.curve.concerns.minor) == (0.6, 0.1)
    assert (numbers.readings.good, numbers.readings.great) == (0.9, 0.95)
    assert numbers.renewal_chain == (60, 30)
    assert dict(numbers.maintenance.target) == {"A": 0.9, "B": 0.85, "C": 0.8}
    assert (numbers.retry.voicemail_on, numbers.retry.alternate_channel) == ((), False)
    assert (numbers.contact.hours, numbers.contact.working_days) == ("08:00-17:00", ("mon", "tue"))
    assert playbook.purposes["welcome"].effort == 1


def test_own_purposes_join_the_others() -> None:
    """B42."""
    text = (
        "playbook: x\ntitle: t\npurposes: {site_audit: {stages: [learning, maintenance], service: prevention}}\n"
        "steps:\n" + step_text(purpose="site_audit")
    )
    purpose = good(text).purposes["site_audit"]
    assert (purpose.service, purpose.stages) == (Service.PREVENTION, (Stage.LEARNING, Stage.MAINTENANCE))
    wrong = text.replace("stage: learning", "stage: effectiveness").replace("live+14", "live+70")
    assert said(wrong) == ["8:14: site_audit is not allowed in effectiveness - it may stand in: learning, maintenance"]


TYPOS = [
    ("steps", "stepps", "top"), ("title", "titel", "top"), ("anchors", "anhcors", "top"),
    ("stages", "stagse", "top"), ("complexity", "complexty", "top"), ("life_cycle", "lifecycle", "top"),
    ("kpi", "kpis", "top"), ("extensiveness", "extensivness", "top"), ("resources", "resorces", "top"),
    ("first_result", "first-result", "top"), ("channel", "chanel", "step"), ("purpose", "porpose", "step"),
    ("window", "widnow", "step"), ("every", "evry", "step"), ("until", "utnil", "step"),
    ("deadline", "dedline", "step"), ("fallback", "fallbak", "step"), ("gives", "gvies", "step"),
    ("message", "mesage", "step"), ("outcomes", "outcome", "step"), ("subject", "subjet", "step"),
    ("when", "wehn", "step"), ("goal", "gaol", "step"), ("ask", "asks", "step"),
    ("any_stage", "any stage", "step"), ("stage", "Stage", "step"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "typed", "where"), TYPOS, ids=[typed for _, typed, _ in TYPOS])
def test_a_mistyped_key_is_recognised(right: str, typed: str, where: str) -> None:
    if where == "top":
        place, text = "3:1", f"playbook: x\ntitle: t\n{typed}: x\nsteps:\n{step_text()}"
        noun = "the playbook"
    else:
        place, text = f"{FIRST + 6}:5", HEAD + step_text(**{typed: "x"})
        noun = 'the step "a"'
    assert f'{place}: unknown key "{typed}" in {noun} - did you mean "{right}"?' in said(text)


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("stage", "lerning", "learning"),
        ("purpose", "persausive", "persuasive"),
        ("purpose", "lead-generation", "lead_generation"),
        ("channel", "fone", "phone"),
        ("fallback", "e-mail", "email"),
        ("to", "User", "user"),
        ("resources", "[flim]", "film"),
        ("deadline", "waranty", "warranty"),
    ],
)
def test_a_mistyped_value_is_recognised(key: str, value: str, meant: str) -> None:
    assert any(f'did you mean "{meant}"?' in line for line in said(HEAD + step_text(**{key: value})))


WRONG_STEPS: list[tuple[dict[str, str | None], list[str]]] = [
    (
        {"when": "sale+3"},
        ["+2:11: sale+3 lies before learning begins (live+7) - write stage: novelty, or any_stage: true"],
    ),
    (
        {"when": "live+67"},
        ["+2:11: live+67 lies after learning ends (live+66) - write stage: effectiveness, or any_stage: true"],
    ),
    (
        {"when": "renewal-90"},
        ["+2:11: renewal-90 lies after learning ends (live+66) - write stage: maintenance, or any_stage: true"],
    ),
    ({"when": "livee+3"}, ['+2:11: "livee" is not an anchor - did you mean "live"?']),
    ({"when": "trogh"}, ['+2:11: "trogh" is not an anchor - did you mean "trough"?']),
    ({"when": "learning+125%"}, ["+2:11: when: a percentage must lie between 0 and 100 - write learning+25%"]),
    ({"when": "live+25%"}, ['+2:11: when: a percentage needs a stage, and "live" is none - write learning+25%']),
    (
        {"when": "maintenance+5%", "stage": "maintenance"},
        ["+2:11: when: maintenance has no end to take a percentage of - write maintenance+30d"],
    ),
    ({"when": "live+99999w"}, ['+2:11: when: "live+99999w" is more than a hundred years - write a shorter time']),
    (
        {"when": "2026-02-30"},
        [
            (
                '+2:11: when: "2026-02-30" is not a date of a playbook - write an anchor, a stage or trough, '
                "then +N or -N: live+14, renewal-90, sale+2w, learning+25%"
            )
        ],
    ),
    ({"stage": None}, ['+0:5: the step "a" has no stage: - add stage:, or any_stage: true']),
    ({"purpose": None}, ['+0:5: the step "a" has no purpose: - add purpose: prevention']),
    ({"gives": None}, ['+0:5: the step "a" has no gives: - add gives: what the customer gets out of it']),
    ({"goal": ""}, ["+4:10: goal: has no value - write one, or delete the key"]),
    (
        {"purpose": "lead_generation"},
        ["+3:14: lead_generation is not allowed in learning - it may stand in: novelty, effectiveness, maintenance"],
    ),
    (
        {"purpose": "persuasive"},
        ["+3:14: persuasive is not allowed in learning - it may stand in: maintenance"],
    ),
    ({"to": "boss"}, ['+6:9: "boss" is not a role - use one of: decider, user, champion, finance']),
    (
        {"window": "[2, 2]"},
        [
            (
                "+6:13: window: must reach from days before (0 or less) to days after (0 or more)"
                " - write the days before and after: [-2, 2]"
            )
        ],
    ),
    (
        {"window": "[-2, x]"},
        ["+6:18: window: expected a whole number of days - write the days before and after: [-2, 2]"],
    ),
    ({"every": "0"}, ["+6:12: every: must be at least one day - write 180d, 26w, 6m or 1y"]),
    ({"every": "-7"}, ["+6:12: every: cannot be negative - write 180d, 26w, 6m or 1y"]),
    ({"every": "weekly"}, ['+6:12: every: "weekly" is not a length of time - write 180d, 26w, 6m or 1y, or cycle']),
    ({"every": "cicle"}, ['+6:12: every: "cicle" is not a length of time - did you mean "cycle"?']),
    (
        {"when": "learning+3", "every": "cycle"},
        ["+6:12: every: cycle needs an anchor in when:, and learning is none - write every: 180d"],
    ),
    (
        {"every": "7d", "deadline": "warranty"},
        ["+7:15: every: and deadline: do not go together - write until: for the last date of a repeat"],
    ),
    (
        {"until": "renewal"},
        ["+6:12: until: goes with every: - add every: 7d, or write deadline:"],
    ),
    (
        {"every": "7d", "until": "sale"},
        ["+7:12: sale lies before live+14: the step never happens - choose a later anchor"],
    ),
    (
        {"when": "renewal+30", "stage": "maintenance", "deadline": "renewal"},
        ["+6:15: renewal+30 lies after its deadline, renewal - write when: renewal-30"],
    ),
    ({"resources": "[leaflet]"}, ['+6:17: "leaflet" is not a resource - add it under resources:']),
    ({"if_": "{usage: hevy}"}, ['+6:17: "hevy" is not a usage - did you mean "heavy"?']),
    ({"if_": "{usage: []}"}, ["+6:17: usage: the list is empty - use some of: heavy, normal, light"]),
    (
        {"if_": "{colour: red}"},
        [
            (
                '+6:10: unknown key "colour" in if - known are: usage, tier, life_cycle, '
                "extensiveness, complexity, kind, tag, extra; a column of your own table goes under extra:"
            )
        ],
    ),
    (
        {"if_": "{extra: {Plan Tier: gold}}"},
        ['+6:18: "Plan Tier" is not the plain name of a column - write plan_tier:'],
    ),
    (
        {"if_": "{extra: {'--': gold, planTier: gold}}"},
        [
            '+6:18: "--" is not the plain name of a column - write it in small letters and digits: plan_tier',
            '+6:30: "planTier" is not the plain name of a column - write plan_tier:',
        ],
    ),
    (
        {"if_": '{extra: {plan_tier: ""}}'},
        ["+6:29: extra.plan_tier: has no value - write one, or delete the key"],
    ),
    (
        {"if_": '{extra: {plan_tier: [gold, " "]}}'},
        ["+6:36: extra.plan_tier: has no value - write one, or delete the key"],
    ),
    (
        {"if_": "{extra: {plan_tier: []}}"},
        ["+6:29: extra.plan_tier: the list is empty - write the values that it may have"],
    ),
    (
        {"if_": "{extra: {plan_tier: {is: gold}}}"},
        ["+6:29: extra.plan_tier: expected text, found a mapping - put the text in quotes"],
    ),
    (
        {"if_": "{extra: gold}"},
        ["+6:17: extra: expected names with values, found text - write column: value, one a line"],
    ),
    (
        {"message": '"Hi {first_name}, {extra.Plan Tier}"'},
        ["+6:32: {extra.Plan Tier} is not the plain name of a column - write {extra.plan_tier}"],
    ),
    (
        {"message": ">-\n      Hi {first_name},\n      your {extra.planTier|plan}."},
        ["+8:12: {extra.planTier|plan} is not the plain name of a column - write {extra.plan_tier}"],
    ),
    (
        {"message": "{first_name}"},
        ['+6:14: message: expected text, found a mapping - put the text in quotes: message: "{first_name}"'],
    ),
    (
        {"ask": "[What went well: usage]"},
        ['+6:11: ask: expected text, found a mapping - put the text in quotes: "What went well: usage"'],
    ),
    ({"subject": "[Draft]"}, ["+6:14: subject: expected text, found a list - put the text in quotes"]),
    (
        {"message": '"Hi {frist_name}, {goal.x}"'},
        [
            "+6:18: {frist_name} is not a placeholder - did you mean {first_name}?",
            "+6:32: only a bare name may stand in braces, not {goal.x} - write {goal}",
        ],
    ),
    (
        {"message": ">-\n      Hi {first_name},\n      about {gaol}."},
        ["+8:13: {gaol} is not a placeholder - did you mean {goal}?"],
    ),
    ({"ask": "['How is {prduct}?']"}, ["+6:19: {prduct} is not a placeholder - did you mean {product}?"]),
    (
        {"message": '"Take {offer}"'},
        [
            (
                "+6:14: a contact for prevention must not sell, and {offer} is an offer"
                " - move the offer to a step with the purpose persuasive"
            )
        ],
    ),
    ({"outcomes": "{no_answer: x}"}, ['+6:16: unknown key "no_answer" in outcomes - did you mean "no-answer"?']),
    ({"outcomes": "{concern: {chek: 3d}}"}, ['+6:26: unknown key "chek" in concern - did you mean "check"?']),
    ({"outcomes": "{no-answer: {retry: [0]}}"}, ["+6:36: retry: must be at least one day - write 180d, 26w, 6m or 1y"]),
    ({"outcomes": "{good: {milestone: first}}"}, ['+6:34: "first" is not a milestone - did you mean "first_use"?']),
    ({"need": "maybe"}, ['+6:11: "maybe" is not a need - use one of: core, extra']),
    ({"any_day": "perhaps"}, ['+6:14: any_day: "perhaps" is neither true nor false - write true or false']),
    ({"extra": "true"}, ['+6:5: unknown key "extra" in the step "a" - write need: extra']),
    ({"on": "live"}, ['+6:5: unknown key "on" in the step "a" - write when:']),
    ({"id": "A b"}, ['+0:9: id: "A b" cannot be used - write small letters a-z, digits, _ and -']),
    (
        {"stage": "novelty", "when": "sale+6", "purpose": "lead_generation", "window": "[-1, 1]"},
        ["+6:13: the window of a referral lies outside the first half of novelty - move the date"],
    ),
    (
        {"stage": "effectiveness", "when": "sale+70", "purpose": "lead_generation"},
        ["+2:11: the window of a referral lies outside the second half of effectiveness - move the date"],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), WRONG_STEPS, ids=[str(changes) for changes, _ in WRONG_STEPS])
def test_what_is_wrong_with_a_step_is_said_with_its_place(changes: dict[str, str | None], expected: list[str]) -> None:
    """A2: The line is counted from the first line of the step."""
    playbook, _ = read_playbook(HEAD + step_text(**changes), source="f")
    assert playbook is None
    found = []
    for line in said(HEAD + step_text(**changes)):
        number, rest = line.split(":", 1)
        found.append(f"+{int(number) - FIRST}:{rest}")
    assert found == expected


RIGHT_STEPS: list[dict[str, str | None]] = [
    {"when": "live+7"},
    {"when": "live+66"},
    {"when": "warranty-45"},
    {"when": "sale+300", "any_stage": "true"},
    {"stage": "novelty", "when": "live+7"},
    {"stage": "before_sale", "when": "sale", "purpose": "fit_check"},
    {"stage": "novelty", "when": "sale+3", "purpose": "lead_generation", "window": "[-1, 0]"},
    {"stage": "effectiveness", "when": "live+135", "purpose": "lead_generation", "window": "[-10, 30]"},
    {"stage": "maintenance", "when": "renewal-90", "purpose": "renewal", "message": "'{offer} for {price}'"},
    {"when": "live+10bd"},
]


@pytest.mark.parametrize("changes", RIGHT_STEPS, ids=str)
def test_what_is_allowed_passes(changes: dict[str, str | None]) -> None:
    """First and last day of a stage are inside; what hangs on an unknown date cannot be judged."""
    the_step(**changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"stage": "novelty", "when": "sale+3", "purpose": "lead_generation", "window": "[-1, 1]"},
            "warning: the window of a referral reaches outside the first half of novelty - narrow the window",
        ),
        (
            {"subject": "Deal #1 closing"},
            'warning: text after # was taken as a comment: "#1 closing" - put the text in quotes',
        ),
        (
            {"goal": "Beat #2 of the list"},
            'warning: text after # was taken as a comment: "#2 of the list" - put the text in quotes',
        ),
    ],
)
def test_a_warning_does_not_refuse_the_file(changes: dict[str, str], expected: str) -> None:
    playbook, problems = read_playbook(HEAD + step_text(**changes), source="f")
    assert playbook is not None
    assert [problem.severity for problem in problems] == ["warning"]
    assert str(problems[0]).endswith(expected)


WRONG_TOPS: list[tuple[str, list[str]]] = [
    (
        "anchors: {a: {default: b+1}, b: {default: c}, c: {default: a}, d: {default: a}}",
        ["3:24: the defaults go round in a circle: a -> b -> c -> a - give one of them no default"],
    ),
    ("anchors: {sale: {default: live}}", ["3:27: sale has no default: every sale has this date - delete the default"]),
    (
        "anchors: {x: {default: nope+3}}",
        ['3:24: "nope" is not an anchor - add it under anchors:, or use: live, sale, x'],
    ),
    (
        "anchors: {x: {default: learning+3}}",
        ["3:24: default: must hang on an anchor, and learning is a stage - use an anchor: live, sale, x"],
    ),
    ("anchors: {x: {repeats: 0}}", ["3:24: repeats: must be at least one day - write 180d, 26w, 6m or 1y"]),
    ("anchors: {trough: x}", ['3:11: "trough" is a stage and cannot be an anchor - choose another name']),
    ("anchors: {A-b: x}", ['3:11: "A-b" cannot be the name of an anchor - write small letters: a-z, 0-9 and _']),
    ("anchors: [sale]", ["3:10: anchors: expected names with values, found a list - write anchor: value, one a line"]),
    (
        "stages: {novelty: {from: sale}, learning: {from: sale+10}, effectiveness: {from: sale+5}}",
        [
            "3:82: effectiveness (sale+5) begins before learning (sale+10) - put the stages in order",
            "7:11: live+14 lies after learning ends (sale+5) - write stage: effectiveness, or any_stage: true",
        ],
    ),
    (
        "stages: {learning: {from: live+7, trough: live+70}}",
        ["3:43: the trough (live+70) does not lie inside learning - put it between the first and the last day"],
    ),
    (
        "stages: {learning: {from: live+7, trough: live+7}}",
        ["3:43: the trough (live+7) does not lie inside learning - put it between the first and the last day"],
    ),
    (
        "stages: {novelty: {from: sale, trough: sale+1}}",
        ["3:32: only learning has a trough, not novelty - move it to learning:"],
    ),
    ("stages: {lerning: {from: live+7}}", ['3:10: unknown key "lerning" in stages - did you mean "learning"?']),
    (
        "stages: {novelty: {from: sale, to: sale+7}}",
        ['3:32: unknown key "to" in novelty - delete it: a stage ends where the next begins'],
    ),
    ("touchpoints: []", ['3:1: unknown key "touchpoints" in the playbook - write steps:']),
    ("version: 2", ["3:10: version 2 of the language is not known - write version: 1"]),
    ("kpi: NPS", ['3:6: "NPS" is not a kpi - did you mean "nps"?']),
    ("complexity: medium", ['3:13: "medium" is not a complexity - use one of: simple, moderate, complex']),
    ("curve: {dept: 0.3}", ['3:9: unknown key "dept" in curve - did you mean "depth"?']),
    ("curve: {depth: 1.2}", ["3:16: depth: 1.2 is out of range - write a number from 0 to 0.95"]),
    ('curve: {depth: "0,35"}', ['3:16: depth: "0,35" is not a number - write 0.35']),
    ("curve: {trough: 70}", ["3:17: recovered (66) must be larger than trough (70) - put them in order"]),
    (
        "watch: {moderate: {theta: 2}}",
        ['3:9: unknown key "moderate" in watch - write the numbers without it: they hold for every complexity'],
    ),
    ("modifiers: {usage: {heavy: [1, 2]}}", ["3:28: heavy: expected 3 numbers, found 2"]),
    (
        "modifiers: {clamp: [2, 1]}",
        ["3:20: clamp: the first number is larger than the second - write [0.5, 2.0]"],
    ),
    (
        "contact: {working_days: []}",
        ["3:25: working_days: the list is empty - use some of: mon, tue, wed, thu, fri, sat, sun"],
    ),
    ("contact: {hours: 9-18}", ['3:18: hours: "9-18" cannot be used - write it as 09:00-18:00']),
    ("readings: {good: 5}", ["3:18: good: 5 is out of range - write a number from 0 to 1"]),
    ("retry: {routine: {working_days: []}}", ["3:33: working_days: the list is empty - write at least one number"]),
    (
        "purposes: {audit: {stages: learning, service: prevention, selling: true}}",
        ['3:68: the purpose "audit" sells and does a service in one - write service: none'],
    ),
    ("purposes: {welcome: {stages: learning}}", ['3:12: the purpose "welcome" already exists - choose another name']),
    ("purposes: {audit: {}}", ['3:19: purpose "audit" has no stages: - add stages: [learning, maintenance]']),
    (
        "placeholders: {goal: x}",
        ["3:16: {goal} already exists: what they bought it for, in their words - choose another name"],
    ),
    ("resources: {a: {title: x, mode: pasive}}", ['3:33: "pasive" is not a mode - did you mean "passive"?']),
]


@pytest.mark.parametrize(("text", "expected"), WRONG_TOPS, ids=[text for text, _ in WRONG_TOPS])
def test_what_is_wrong_with_the_rest_is_said_with_its_place(text: str, expected: list[str]) -> None:
    whole = f"playbook: x\ntitle: t\n{text}\nsteps:\n{step_text()}"
    assert read_playbook(whole, source="f")[0] is None
    assert said(whole) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a", "1:1: expected the keys of a playbook, found a list - begin the file with playbook: my_playbook"),
        ("hello", "1:1: expected the keys of a playbook, found text - begin the file with playbook: my_playbook"),
        ("playbook: x\ntitle: t\nsteps: []", "3:8: steps: there are none - begin each one with - id:"),
        ("playbook: x\ntitle: t\nsteps: later", "3:8: steps: expected a list of steps - begin each one with - id:"),
        ("playbook: x\ntitle: t", "1:1: the playbook has no steps: - add steps: ..."),
    ],
)
def test_a_file_that_is_no_playbook_is_refused(text: str, expected: str) -> None:
    assert said(text) == [expected]


def test_a_condition_on_a_column_of_the_users_own_keeps_what_was_written() -> None:
    step = the_step(if_="{tier: A, extra: {plan_tier: [Gold, silver], seats: 08, active: yes}}")
    assert dict(step.condition.allowed) == {
        "tier": ("A",),
        "extra.plan_tier": ("Gold", "silver"),
        "extra.seats": ("08",),
        "extra.active": ("yes",),
    }


def test_a_step_id_stands_once() -> None:
    assert said(HEAD + step_text() + step_text()) == [
        f'{FIRST + 6}:9: the step "a" stands twice, on lines {FIRST} and {FIRST + 6} - give each step its own id'
    ]


def test_all_problems_are_said_at_once_in_the_order_of_the_file() -> None:
    text = (
        HEAD.replace("title: Demo", "titel: Demo")
        + step_text(channel="fone", when="live+99")
        + step_text(id="b", purpose="nothing", message="'{frist_name}'")
    )
    problems = read_playbook(text, source="f")[1]
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert len(problems) == 5
    assert {problem.severity for problem in problems} == {"error"}


def test_a_problem_names_file_line_column_cause_and_cure() -> None:
    problem = read_playbook(HEAD + step_text(channel="fone"), source="my.yaml")[1][0]
    assert str(problem) == f'my.yaml:{FIRST + 6}:14: "fone" is not a channel - did you mean "phone"?'
    assert problem.value == "fone"


TEXTS = [*(shipped_playbook_text(key) for key in shipped_playbook_names()), starter_playbook("mine")]
PIECES = [
    "{", "}", "[", "]", ": ", "- ", "#", " #", '"', "'", "|", ">", "&a", "*a", "!x", "%", "@", "\t", "\n", "\n  ",
    "\x00", "\xa0", "é", "live+1", "-99999", "0", "null", "{a.b}", "{{", "learning", "trough", "+50%",
    "every: cycle", "window: [5]", "\r", "---\n", "? ", "<<: ", "  - id: x\n", "stages:", "anchors: []",
    "curve: {trough: 1}", "\ufeff", "\u2028", "default: ",
]  # fmt: skip


@given(st.integers(min_value=0, max_value=2**32))
def test_nothing_but_a_playbook_and_problems_ever_comes_out(seed: int) -> None:
    """Bar 16: real playbooks, damaged at random."""
    chance = random.Random(seed)
    text = chance.choice(TEXTS)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(PIECES) + text[at + chance.choice([0, 0, 1, 5, 40]) :]
    playbook, problems = read_playbook(text, source="f")
    assert (playbook is None) == any(problem.severity == "error" for problem in problems)
    for problem in (*problems, *check_playbook(text, source="f")):
        assert isinstance(problem, Problem)
        assert "\n" not in str(problem)
        assert problem.line >= 1
        assert not any(word in str(problem).lower() for word in ("traceback", "exception"))


def test_a_playbook_is_never_changed_after_reading() -> None:
    playbook = good(HEAD + step_text())
    mappings: list[Any] = [getattr(playbook, known.name) for known in dataclasses.fields(playbook)]
    for mapping in (*mappings, playbook.steps[0].outcomes, playbook.steps[0].condition.allowed):
        assert not isinstance(mapping, dict | list)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_places_do_not_depend_on_line_ends_or_byte_order_marks(line_end: str, mark: str) -> None:
    text = HEAD + step_text(subject="Deal #1", message=">-\n      💥 {first_name},\n      then {gaol}")
    assert [(p.line - FIRST, p.column) for p in read_playbook(mark + text.replace("\n", line_end), source="f")[1]] == [
        (6, 14),
        (9, 12),
    ]


@pytest.mark.parametrize("step", ["dip_watch", "promise", "recovery_fix"])
def test_a_step_may_not_be_called_like_a_contact_that_is_planned_by_itself(step: str) -> None:
    text = f"""
playbook: mine
version: 1
title: Mine
goal: To be sure.
steps:
  - {{id: {step}, stage: learning, when: live+10, purpose: prevention, goal: To be sure., gives: Certainty.}}
"""
    playbook, problems = read_playbook(text, source="mine")
    assert playbook is None
    assert f'"{step}" is the name of a contact that followup plans by itself' in " ".join(map(str, problems))
