"""What a sound playbook has: every rule is broken once, and the shipped playbooks break none (DOMAIN 2 and 6)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from followup.errors import FollowupError
from followup.files.playbook_lint import PLAYBOOK_RULES, STEP_RULES, check_playbook
from followup.files.playbook_reader import read_playbook
from followup.files.playbook_starter import starter_playbook
from followup.files.shipped import shipped_playbook_names, shipped_playbook_text

SAAS = shipped_playbook_text("saas")
Edit = Callable[[str], str]


def without(*ids: str) -> Edit:
    """Take steps away."""

    def edit(text: str) -> str:
        for step_id in ids:
            text, count = re.subn(rf"(?ms)^  - id: {step_id}$.*?(?=^  - id: |^  # |\Z)", "", text)
            assert count == 1, step_id
        return text

    return edit


def put(old: str, new: str, step: str = "") -> Edit:
    """Replace the first text found, in one step or anywhere."""

    def edit(text: str) -> str:
        start = text.index(f"  - id: {step}\n") if step else 0
        at = text.index(old, start)
        return text[:at] + new + text[at + len(old) :]

    return edit


def message(step: str, words: str) -> Edit:
    """Give a step another message."""

    def edit(text: str) -> str:
        start = text.index(f"  - id: {step}\n")
        begin = text.index("    message: >-\n", start)
        end = re.compile(r"^ {0,4}\S", re.MULTILINE).search(text, begin + 16)
        return text[:begin] + f'    message: "{words}"\n' + text[end.start() if end else len(text) :]

    return edit


def add(step: str, line: str) -> Edit:
    """Add a line to a step."""
    return put(f"  - id: {step}\n", f"  - id: {step}\n    {line}\n")


def every(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(text: str) -> str:
        for each in edits:
            text = each(text)
        return text

    return edit


def warned(text: str) -> list[str]:
    """The warnings of a playbook without errors, without its file name."""
    problems = check_playbook(text, source="f")
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    return [str(problem).removeprefix("f:") for problem in problems]


@pytest.mark.parametrize("key", shipped_playbook_names())
def test_a_shipped_playbook_breaks_no_rule(key: str) -> None:
    assert warned(shipped_playbook_text(key)) == []


def test_the_playbook_to_start_from_breaks_no_rule() -> None:
    text = starter_playbook("my-own_2")
    assert warned(text) == []
    playbook, _ = read_playbook(text, source="f")
    assert playbook is not None
    assert playbook.key == "my-own_2"


@pytest.mark.parametrize("key", shipped_playbook_names())
def test_a_copy_keeps_everything_but_the_key(key: str) -> None:
    model = shipped_playbook_text(key)
    copy = starter_playbook("mine", text_of_model=model)
    assert warned(copy) == []
    playbook, _ = read_playbook(copy, source="f")
    original, _ = read_playbook(model, source="f")
    assert playbook is not None
    assert original is not None
    assert playbook.key == "mine"
    assert [step.id for step in playbook.steps] == [step.id for step in original.steps]
    comments = [line for line in model.splitlines() if line.lstrip().startswith("#")]
    assert set(comments) <= set(copy.splitlines())


@pytest.mark.parametrize("key", ["", "My playbook", "../x", "a.b", "é", "-x", "x\ny"])
def test_a_key_that_names_nothing_is_refused(key: str) -> None:
    with pytest.raises(FollowupError, match="cannot be the key of a playbook"):
        starter_playbook(key)


def test_a_model_must_be_a_playbook() -> None:
    with pytest.raises(FollowupError, match="no line that begins with playbook:"):
        starter_playbook("mine", text_of_model="title: x\n")


BROKEN: list[tuple[str, Edit, list[str]]] = [
    (
        "generic_question",
        put("- What would make next week easier?", "- Are you satisfied?", "dip_call"),
        ["this question is generic - ask about behaviour: what have you used it for, what got in the way"],
    ),
    (
        "number_of_questions",
        put("    ask:\n", "    ask:\n      - What is new?\n", "dip_call"),
        ["4 questions are too many - ask at most 3"],
    ),
    (
        "personal_message",
        message("dip_call", "{first_name}, a call about your week."),
        ["the message has one personal placeholder - use two or more: {first_name}, {product}, {goal}"],
    ),
    (
        "anchor_of_placeholder",
        message("dip_call", "{first_name}, {product} and {warranty_end}."),
        ["{warranty_end} needs the anchor warranty or builder_warranty - add warranty: under anchors:"],
    ),
    (
        "positive_first_question",
        put("    ask:\n", "    ask:\n      - Is it worth its price?\n", "pulse"),
        [
            (
                "the first question of a feedback contact can be answered yes or no"
                " - begin with an open question about what went well"
            )
        ],
    ),
    (
        "announced_fee",
        lambda text: re.sub(
            r"(?ms)(^  - id: dip_call$.*?^    )resources: [^\n]*\n", r"\1resources: [team_class]\n", text
        ),
        ['"team_class" costs money, and the message does not say so - name the fee'],
    ),
    (
        "several_forms",
        lambda text: re.sub(r"(?ms)(^  - id: lesson_one$.*?)^    resources: [^\n]*\n", r"\1", text),
        ['the step "lesson_one" teaches in one form only - add resources: to read, watch or talk'],
    ),
    (
        "answer_to_a_problem",
        lambda text: re.sub(
            r"(?ms)(^  - id: dip_call$.*?^      )problem: [^\n]*\n", r"\1problem: {recovery: false}\n", text
        ),
        ['the step "dip_call" has no answer to a problem - add says:, or recovery: true'],
    ),
    (
        "names_like_booleans",
        put("  - id: dip_call", "  - id: 'on'"),
        ['other tools read "on" as a yes or no - choose another name'],
    ),
    (
        "goal_and_kpi",
        every(put("kpi: nps\n", ""), put("\ngoal: ", "\n# ")),
        [
            "the playbook has no goal: - add goal: what following it is to reach",
            "the playbook has no kpi: - add kpi: nps, csat or ces",
        ],
    ),
    (
        "fit_and_concerns",
        without("fit_check", "open_worries"),
        [
            "no step checks the fit before the sale - add a step with purpose: fit_check in before_sale",
            "no step resolves concerns before the sale - add a step with purpose: concern_resolution in before_sale",
        ],
    ),
    (
        "planning_together",
        without("plan_together"),
        ["the customer has no part in the plan - add a step with purpose: co_planning before the sale or in novelty"],
    ),
    (
        "reading_the_dip",
        without("dip_call", "lesson_one"),
        ["no contact reads the mood while it falls - add a step in learning before the trough"],
    ),
    (
        "reading_the_dip",
        every(without("lesson_one", "progress_call", "you_said_we_did"), put("live+14", "live+10", "dip_call")),
        ["no contact reads the mood around the trough - add a step within 15 days of the trough"],
    ),
    (
        "early_effort",
        without("first_job", "who_else", "week_one", "lesson_one"),
        ["only 4 of 9 contacts up to effectiveness lie by the trough - move effort to the beginning"],
    ),
    (
        "gaps_in_learning",
        without("lesson_one", "progress_call"),
        ["21 days of learning pass without a contact before this one - add a step: more than 20 days are too many"],
    ),
    (
        "value_moves",
        put("purpose: education", "purpose: prevention", "first_job"),
        [],
    ),
    (
        "call_types",
        without("next_use"),
        ["there is no persuasive contact - add a step with purpose: persuasive"],
    ),
    (
        "call_types",
        without("whats_new"),
        ["there is no informative contact - add a step with purpose: informative"],
    ),
    (
        "contact_for_trouble",
        message("welcome_note", "{first_name}, thank you for {product}."),
        [
            (
                "the first message after the sale does not say whom to call in trouble"
                " - use {contact_for_trouble} or {seller_phone}"
            )
        ],
    ),
    (
        "asks_for_the_benefit",
        lambda text: re.sub(r"\{(goal|use_case|reason)\}", "{need}", text),
        [
            (
                "no contact asks whether they get what they bought it for"
                " - use {goal}, {use_case} or {reason} in a question or message"
            )
        ],
    ),
    (
        "voice_every_year",
        without("needs_review"),
        [
            (
                "nobody asks for feedback every year in maintenance"
                " - add a feedback or needs_assessment step with every: 365d or less"
            )
        ],
    ),
    (
        "for_life",
        lambda text: re.sub(r"^    every: .*\n", "", text, flags=re.MULTILINE),
        ["the playbook simply ends: nothing repeats - add steps with every: so that one comes at least every 180 days"],
    ),
    (
        "numbers_without_effect",
        put("\nsteps:", "\ncurve: {dip_start: 10}\nsteps:"),
        [
            (
                "curve: dip_start has no effect, since stages: says when learning begins"
                " - delete dip_start:, or delete learning: under stages:"
            )
        ],
    ),
    (
        "own_names_like_booleans",
        put("\nanchors:\n", "\nanchors:\n  'off': the day it is switched off\n"),
        ['other tools read "off" as a yes or no - choose another name'],
    ),
]


@pytest.mark.parametrize(("rule", "edit", "expected"), BROKEN, ids=[f"{i}-{row[0]}" for i, row in enumerate(BROKEN)])
def test_a_broken_rule_is_named(rule: str, edit: Edit, expected: list[str]) -> None:
    """Each row breaks one rule of the shipped subscription playbook; `expected` is said, whatever else is.

    In this order: C9, E9, C5, C4, D3, D5, B16, E6, B9, B10, B15, B21, B22, B6, E2, B26, A17, D10, E4, C1, A7, D7.
    """
    edited = edit(SAAS)
    assert edited != SAAS
    found = warned(edited)
    for words in expected:
        assert any(line.endswith(f"warning: {words}") for line in found), found
    assert all(re.match(r"\d+:\d+: warning: ", line) for line in found)


def test_every_value_move_is_asked_for() -> None:
    """E2."""
    text = SAAS.replace("purpose: education", "purpose: prevention").replace(
        "purpose: decision_criteria", "purpose: renewal"
    )
    assert any(
        "no contact educates - add a step with one of: education, decision_criteria" in line for line in warned(text)
    )


SMALL = """\
playbook: small
title: Small
goal: g
kpi: csat
complexity: {complexity}
anchors: {{sale: signed}}
steps:
"""


def small(*steps: str, complexity: str = "moderate") -> str:
    """A small playbook; a step is `purpose stage when`, and perhaps more keys."""
    lines = []
    for number, step in enumerate(steps):
        purpose, stage, when, *more = step.split(" ", 3)
        rest = f", {more[0]}" if more else ""
        lines.append(
            f"  - {{id: s{number}, purpose: {purpose}, stage: {stage}, when: {when}, goal: g, gives: x, channel: phone,"
            f' ask: [What got in the way?], message: "{{first_name}}, {{goal}}: {{seller_phone}}"{rest}}}\n'
        )
    return SMALL.format(complexity=complexity) + "".join(lines)


def rules(text: str) -> str:
    """All warnings as one text."""
    return "\n".join(warned(text))


def test_attention_in_novelty() -> None:
    """B20; simple playbooks need less."""
    assert "fewer than two contacts in novelty" in rules(small("welcome novelty sale"))
    assert "fewer than two contacts in novelty" not in rules(
        small("welcome novelty sale", "co_planning novelty sale+1")
    )
    assert "fewer than two contacts in novelty" not in rules(small("welcome novelty sale", complexity="simple"))


def test_enough_follow_ups() -> None:
    """C3: four for moderate and complex sales, two for simple ones."""
    three = ("welcome novelty sale", "prevention learning live+10", "feedback effectiveness live+70")
    assert "3 contacts before maintenance are too few - plan at least 4" in rules(small(*three))
    assert "too few" not in rules(small(*three, "education novelty sale+2"))
    assert "too few" not in rules(small("welcome novelty sale", "prevention learning live+5", complexity="simple"))


def test_first_question_about_use() -> None:
    """C2: 1 to 21 days after use starts."""
    late = "nobody asks about the use in the first three weeks"
    assert late in rules(small("welcome novelty sale", "prevention learning live+22"))
    assert late not in rules(small("welcome novelty sale", "prevention learning live+21"))


def test_the_first_message_counts_not_a_later_one() -> None:
    """A17: steps in the order of their dates, not of the file."""
    first = "whom to call in trouble"
    steps = ("prevention learning live+10", "welcome novelty sale message: '{first_name} {goal}'")
    text = small(*steps).replace('message: "{first_name}, {goal}: {seller_phone}", message', "message")
    assert first in rules(text)
    assert first not in rules(small(*steps[:1], "welcome novelty sale"))


def test_extra_steps_do_not_fill_a_gap() -> None:
    """B6: what comes in by profile only is no answer to a silence."""
    steps = ("welcome novelty sale", "prevention learning live+10", "feedback learning live+40")
    assert "30 days of learning pass" in rules(small(*steps))
    assert "30 days of learning pass" in rules(small(*steps, "education learning live+25 need: extra"))
    assert "days of learning pass" not in rules(small(*steps, "education learning live+25"))


def test_private_buyers_need_fewer_call_types() -> None:
    """B26: with long cycles a renewal or a yearly needs talk fills the persuasive role."""
    steps = (
        "informative maintenance live+200",
        "lead_generation maintenance live+200",
        "reminder maintenance live+200",
        "needs_assessment maintenance live+200",
    )
    assert "there is no" not in rules(small(*steps))
    business = small(*steps).replace("{goal}:", "{goal} at {company}:", 1)
    assert "there is no persuasive contact" in rules(business)
    assert "there is no decision_criteria contact" in rules(business)


def test_contact_goes_on_for_life() -> None:
    """D8: at least every 180 days for business customers, once a year for private ones."""
    yearly = small("needs_assessment maintenance live+200 every: 365d")
    assert "too rare" not in rules(yearly)
    assert "contact in maintenance is too rare" in rules(yearly.replace("{goal}:", "{goal} at {company}:", 1))
    assert "too rare" in rules(yearly.replace("365d", "2y"))


@pytest.mark.parametrize(
    "question",
    [
        "Are you satisfied?", "Are you happy with it?", "Is everything all right?", "Is everything OK?",
        "How is it going?", "How are things?", "Any questions?", "How do you like it?", "What do you think?",
        "Can I help you with anything?", "So, is everything fine so far?", "How's it going?",
    ],
)  # fmt: skip
def test_generic_questions_are_recognised(question: str) -> None:
    """C9."""
    assert "this question is generic" in rules(
        small("prevention learning live+10 if: {tag: x}").replace("What got in the way?", f'"{question}"')
    )


@pytest.mark.parametrize(
    "question",
    [
        "What have you used it for?", "What got in the way this week?", "Who else should have a login?",
        "Is there anything about our company that makes you hesitate?",
        "Which report do you still build by hand?", "How did the first refuelling go?",
        "Is this number right, and may I keep it on file?",
    ],
)  # fmt: skip
def test_specific_questions_pass(question: str) -> None:
    """C10."""
    assert "generic" not in rules(small("prevention learning live+10").replace("What got in the way?", f'"{question}"'))


def test_with_errors_only_single_steps_are_judged() -> None:
    text = put("- What would make next week easier?", "- Are you satisfied?", "dip_call")(without("next_use")(SAAS))
    text = text.replace("channel: phone", "channel: fone", 1)
    problems = check_playbook(text, source="f")
    assert [problem.severity for problem in problems].count("error") == 1
    assert any("generic" in problem.message for problem in problems)
    assert not any("persuasive" in problem.message for problem in problems)


def test_problems_come_in_the_order_of_the_file() -> None:
    text = every(without("next_use", "whats_new"), put("- What would make next week easier?", "- Any questions?"))(SAAS)
    lines = [problem.line for problem in check_playbook(text, source="f")]
    assert len(lines) >= 3
    assert lines == sorted(lines)


def test_a_warning_points_at_the_question_itself() -> None:
    text = put("- What would make next week easier?", "- Any questions?", "dip_call")(SAAS)
    problem = check_playbook(text, source="f")[0]
    assert text.splitlines()[problem.line - 1][problem.column - 1 :] == "Any questions?"


def test_every_rule_is_broken_by_some_test() -> None:
    """A rule that no row breaks may be dead; those with tests of their own stand here."""
    own = {"attention_in_novelty", "enough_follow_ups", "first_question_about_use"}
    names = {rule.__name__ for rule in (*STEP_RULES, *PLAYBOOK_RULES)}
    assert names == {row[0] for row in BROKEN} | own


def test_every_rule_names_its_requirement() -> None:
    for rule in (*STEP_RULES, *PLAYBOOK_RULES):
        words = rule.__doc__ or ""
        assert re.match(r"([A-E]\d+|DOMAIN \d|PLAYBOOKS)|.*YAML tools", words), rule.__name__
