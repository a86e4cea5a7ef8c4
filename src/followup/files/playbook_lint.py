"""What a sound playbook has, as warnings: each rule is one small function that names its requirement.

`check_playbook` is what `followup playbook check` shows: the problems of the file first, then these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from followup.core.dates import approximate_days
from followup.core.model.playbook import Playbook, Resource, Step
from followup.core.model.purpose import Move, Purpose, Service
from followup.core.model.stage import AFTER_SALE, IMPLEMENTATION, Stage
from followup.core.numbers import playbook_numbers
from followup.errors import Problem
from followup.files.placeholders import OWN_WORDS, TROUBLE_CONTACTS, placeholder, slots_of
from followup.files.playbook_dates import Chart, Place, chart_of, distance
from followup.files.playbook_reader import Places, read_with_places

Finding = tuple[tuple[str, ...], str, str]
"""Where (a path of `Places`), what is missing, and how to mend it."""

WRITTEN = frozenset({"email", "message", "letter"})
YEAR = 365
YAML_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


@dataclass(frozen=True, slots=True)
class View:
    """A playbook with what the rules ask about it again and again."""

    playbook: Playbook
    chart: Chart
    places: Places

    def purpose(self, step: Step) -> Purpose:
        """The purpose of a step."""
        return self.playbook.purposes[step.purpose]

    def steps(self, *stages: Stage, core: bool = False) -> list[Step]:
        """The steps bound to these stages, in the order of the file; with `core`, without the extra ones."""
        return [
            step
            for step in self.playbook.steps
            if step.stage in stages and not step.any_stage and not (core and step.extra)
        ]

    def with_purpose(self, *names: str) -> list[Step]:
        """The steps with one of these purposes."""
        return [step for step in self.playbook.steps if step.purpose in names]

    def resources(self, step: Step) -> list[Resource]:
        """What a step hands over, as far as it could be read."""
        known = self.playbook.resources
        return [known[key] for key in step.resources if key in known]

    def place(self, step: Step) -> Place | None:
        """Where the date of a step lies."""
        return self.chart.place(step.when)

    @property
    def simple(self) -> bool:
        """True for playbooks that need less: simple products, transactional sales."""
        return self.playbook.complexity == "simple"

    @property
    def for_business(self) -> bool:
        """True when some message speaks of the customer's company."""
        texts = (text for step in self.playbook.steps for text in (step.message, step.subject, *step.ask))
        return any("company" in slots_of(text) for text in texts)


def check_playbook(text: str | bytes, *, source: str) -> list[Problem]:
    """Everything to say about a playbook file, sorted by line: errors, then the warnings of the domain.

    With errors, only the rules about single steps speak: what is missing in the whole cannot be known yet.
    """
    reading = read_with_places(text, source=source)
    view = View(reading.playbook, chart_of(reading.playbook), reading.places)
    findings: list[Finding] = []
    for step in reading.playbook.steps:
        for step_rule in STEP_RULES:
            findings.extend(step_rule(view, step))
    if reading.sound:
        for rule in PLAYBOOK_RULES:
            findings.extend(rule(view))
    problems = [*reading.problems, *(_problem(finding, source, reading.places) for finding in findings)]
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _problem(finding: Finding, source: str, places: Places) -> Problem:
    path, message, hint = finding
    found = next((place for place in (path, path[:-1], (path[0], "id")) if place in places), ("", "playbook"))
    line, column = places.get(found, (1, 1))
    return Problem(source=source, line=line, column=column, message=message, hint=hint, severity="warning")


# About single steps.

_GENERIC = re.compile(
    r"are you (still )?(happy|satisfied|pleased|content)\b"
    r"|(is|was) (everything|all|it all) (ok|okay|all right|alright|fine|well|good|in order|going well)\b"
    r"|how (is|are|'s) (it|things|everything|all) (going|doing|working out)\b|how's (it|everything) going\b"
    r"|how are (you|things)\b|how do you like (it|us|the product|\{product\})\s*\?|what do you think\s*\?"
    r"|^(do|did) you like (it|us|\{product\})\s*\?|any (questions|problems|issues|feedback|comments)\s*\?"
    r"|can (i|we) help( you)?( with anything)?\s*\?|^(is|are) (it|things) (ok|okay|fine|going well)\s*\?",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"(is|are|was|were|do|does|did|have|has|had|will|would|can|could|may|shall|should)\b", re.IGNORECASE
)


def generic_question(view: View, step: Step) -> Iterator[Finding]:
    """C9: a question is specific, never "are you satisfied"."""
    for number, question in enumerate(step.ask):
        if _GENERIC.search(question):
            hint = "ask about behaviour: what have you used it for, what got in the way"
            yield (step.id, "ask", str(number)), "this question is generic", hint


def number_of_questions(view: View, step: Step) -> Iterator[Finding]:
    """C9, E9: one to three questions."""
    most = playbook_numbers(view.playbook).feedback.max_questions
    if not step.ask:
        yield (step.id, "id"), f'the step "{step.id}" asks nothing', "add ask: with one to three questions"
    elif len(step.ask) > most:
        yield (step.id, "ask"), f"{len(step.ask)} questions are too many", f"ask at most {most}"


def personal_message(view: View, step: Step) -> Iterator[Finding]:
    """C5: a message holds at least two personal placeholders, and a written contact has a message."""
    if not step.message:
        if step.channel in WRITTEN:
            message = f'the step "{step.id}" is written, but has no message'
            yield (step.id, "id"), message, "add message: with {first_name} and the customer's own words"
        return
    anchors, own = view.playbook.anchors, view.playbook.placeholders
    found = {name for name in slots_of(step.message) if _is_personal(name, anchors, own)}
    if len(found) < 2:
        count = "one personal placeholder" if found else "no personal placeholder"
        yield (
            (step.id, "message"),
            f"the message has {count}",
            "use two or more: {first_name}, {product}, {goal}",
        )


def _is_personal(name: str, anchors: object, own: object) -> bool:
    known = placeholder(name, anchors=anchors, own=own)  # type: ignore[arg-type]
    return known is not None and known.personal


def anchor_of_placeholder(view: View, step: Step) -> Iterator[Finding]:
    """C4: a date in a message comes from an anchor that the playbook has."""
    anchors = view.playbook.anchors
    for key in ("subject", "message"):
        for name in dict.fromkeys(slots_of(getattr(step, key))):
            known = placeholder(name, anchors=anchors, own=view.playbook.placeholders)
            if known is not None and known.anchors and not any(anchor in anchors for anchor in known.anchors):
                needed = " or ".join(known.anchors)
                yield (
                    (step.id, key),
                    f"{{{name}}} needs the anchor {needed}",
                    f"add {known.anchors[0]}: under anchors:",
                )


def positive_first_question(view: View, step: Step) -> Iterator[Finding]:
    """DOMAIN 3.4: the first question of a feedback contact is open (and about what went well)."""
    if step.purpose == "feedback" and step.ask and _CLOSED.match(step.ask[0]):
        hint = "begin with an open question about what went well"
        yield (
            (step.id, "ask", "0"),
            "the first question of a feedback contact can be answered yes or no",
            hint,
        )


def announced_fee(view: View, step: Step) -> Iterator[Finding]:
    """D3: what costs money is announced as such."""
    fees = [resource.key for resource in view.resources(step) if resource.fee]
    words = f"{step.subject} {step.message} {step.gives}".lower()
    if fees and not re.search(r"\b(fees?|costs?|price[ds]?|charged?|paid|pay|free|discount)\b|[€$£]", words):
        yield (
            (step.id, "resources"),
            f'"{fees[0]}" costs money, and the message does not say so',
            "name the fee",
        )


def several_forms(view: View, step: Step) -> Iterator[Finding]:
    """D5: moderate and complex products are taught in more than one form: read, watch or talk."""
    if view.simple or step.purpose != "education":
        return
    forms = {_form_of_channel(channel) for channel in (step.channel, step.fallback) if channel}
    forms |= {_form_of_resource(resource.form) for resource in view.resources(step)}
    if len(forms) < 2:
        yield (
            (step.id, "id"),
            f'the step "{step.id}" teaches in one form only',
            "add resources: to read, watch or talk",
        )


def _form_of_channel(channel: str) -> str:
    return "read" if channel in WRITTEN else "talk"


def _form_of_resource(form: str) -> str:
    if re.search(r"video|film|record|watch|webinar", form):
        return "watch"
    return "talk" if re.search(r"class|course|desk|session|call|workshop|training|evening", form) else "read"


def answer_to_a_problem(view: View, step: Step) -> Iterator[Finding]:
    """B16: every contact knows what to do on a problem: its own rule, or the recovery chain."""
    reaction = step.outcomes.get("problem")
    if reaction is not None and not (reaction.says or reaction.recovery or reaction.check or reaction.retry):
        hint = "add says:, or recovery: true"
        yield (step.id, "outcomes"), f'the step "{step.id}" has no answer to a problem', hint


def names_like_booleans(view: View, step: Step) -> Iterator[Finding]:
    """Names that other YAML tools read as true, false or nothing."""
    if step.id in YAML_WORDS:
        yield (step.id, "id"), f'other tools read "{step.id}" as a yes or no', "choose another name"


# About the whole playbook.


def goal_and_kpi(view: View) -> Iterator[Finding]:
    """E6: a playbook states its goal and the scale it is judged by."""
    for key, hint in (
        ("goal", "add goal: what following it is to reach"),
        ("kpi", "add kpi: nps, csat or ces"),
    ):
        if ("", key) not in view.places:
            yield ("", "title"), f"the playbook has no {key}:", hint


def fit_and_concerns(view: View) -> Iterator[Finding]:
    """B9, B10: before the sale the fit is checked; concerns are resolved, unless the product is simple."""
    purposes = {step.purpose for step in view.playbook.steps if step.stage is Stage.BEFORE_SALE}
    for purpose, what in (("fit_check", "checks the fit"), ("concern_resolution", "resolves concerns")):
        if purpose not in purposes and not (view.simple and purpose == "concern_resolution"):
            hint = f"add a step with purpose: {purpose} in before_sale"
            yield ("", "steps"), f"no step {what} before the sale", hint


def planning_together(view: View) -> Iterator[Finding]:
    """B15: in moderate and complex sales the customer plans along, before the sale or in novelty."""
    stages = {step.stage for step in view.with_purpose("co_planning")}
    if not view.simple and not stages & {Stage.BEFORE_SALE, Stage.NOVELTY}:
        hint = "add a step with purpose: co_planning before the sale or in novelty"
        yield ("", "steps"), "the customer has no part in the plan", hint


def attention_in_novelty(view: View) -> Iterator[Finding]:
    """B20: moderate and complex playbooks have two contacts in novelty."""
    if not view.simple and len(view.steps(Stage.NOVELTY)) < 2:
        yield (
            ("", "steps"),
            "there are fewer than two contacts in novelty",
            "add one: less attention now is the classic mistake",
        )


def reading_the_dip(view: View) -> Iterator[Finding]:
    """B21: mood is read while it falls, and within a quarter of the length of learning around the trough."""
    trough, begin = view.chart.trough(), view.chart.begin(Stage.LEARNING)
    steps = view.steps(Stage.LEARNING, core=True)
    to_trough = [days for step in steps if (days := distance(view.place(step), trough)) is not None]
    if steps and not to_trough:
        return
    near = (view.chart.days(Stage.LEARNING) or 2 * (distance(begin, trough) or 28)) / 4
    if not any(days > 0 for days in to_trough):
        yield (
            ("", "steps"),
            "no contact reads the mood while it falls",
            "add a step in learning before the trough",
        )
    if not any(abs(days) <= near for days in to_trough):
        hint = f"add a step within {near:.0f} days of the trough"
        yield ("", "steps"), "no contact reads the mood around the trough", hint


def early_effort(view: View) -> Iterator[Finding]:
    """B22: at least half of the contacts of the implementation lie by the trough."""
    trough, early, late = view.chart.trough(), 0, 0
    for step in view.steps(*IMPLEMENTATION):
        to_trough = distance(view.place(step), trough)
        if step.stage is Stage.NOVELTY or (step.stage is Stage.LEARNING and to_trough is not None and to_trough >= 0):
            early += 1
        elif step.stage is Stage.EFFECTIVENESS or to_trough is not None:
            late += 1
    if early < late:
        counts = f"{early} of {early + late}"
        yield (
            ("", "steps"),
            f"only {counts} contacts up to effectiveness lie by the trough",
            "move effort to the beginning",
        )


def gaps_in_learning(view: View) -> Iterator[Finding]:
    """B6: in learning no long silence; the dip watch fills gaps, so only twice its limit is worth a word."""
    limit = playbook_numbers(view.playbook).watch.max_gap_rising * 2
    places = [(place, step) for step in view.steps(Stage.LEARNING, core=True) if (place := view.place(step))]
    begin = view.chart.begin(Stage.LEARNING)
    roots = {place.root for place, _ in places}
    for root in sorted(roots):
        ordered = sorted(((p.middle, step) for p, step in places if p.root == root), key=lambda pair: pair[0])
        if begin is not None and begin.root == root:
            ordered.insert(0, (begin.middle, ordered[0][1]))
        for (one, _), (two, step) in pairwise(ordered):
            if two - one > limit:
                message = f"{two - one:.0f} days of learning pass without a contact before this one"
                yield (step.id, "when"), message, f"add a step: more than {limit} days are too many"


def value_moves(view: View) -> Iterator[Finding]:
    """E2: a playbook inspires, motivates, educates and adjusts."""
    moves = {view.purpose(step).move for step in view.playbook.steps}
    for move in Move:
        if move not in moves:
            names = ", ".join(p.name for p in view.playbook.purposes.values() if p.move is move)
            verb = {
                "inspire": "inspires",
                "motivate": "motivates",
                "educate": "educates",
                "adjust": "adjusts",
            }[move]
            yield ("", "steps"), f"no contact {verb}", f"add a step with one of: {names}"


def call_types(view: View) -> Iterator[Finding]:
    """B26: the six call types; fewer for simple products and for private buyers with long cycles."""
    needed: dict[str, tuple[str, ...]] = {"informative": (), "lead_generation": (), "reminder": ()}
    if view.simple:
        needed["reminder"] = ("renewal", "feedback")
    else:
        private = () if view.for_business else ("renewal", "needs_assessment")
        needed |= {"needs_assessment": (), "decision_criteria": private, "persuasive": private}
    for purpose, instead in needed.items():
        if not view.with_purpose(purpose, *instead):
            yield ("", "steps"), f"there is no {purpose} contact", f"add a step with purpose: {purpose}"


def contact_for_trouble(view: View) -> Iterator[Finding]:
    """A17, D10, E4: the first message after the signature names whom to call in trouble."""
    dated = [
        (place.middle, index, step)
        for index, step in enumerate(view.steps(*AFTER_SALE, core=True))
        if (place := view.place(step)) is not None and place.root == "sale" and not step.condition.allowed
    ]
    if not dated:
        return
    first = min(dated)[2]
    if not TROUBLE_CONTACTS.intersection((*slots_of(first.message), *slots_of(first.subject))):
        message = "the first message after the sale does not say whom to call in trouble"
        yield (first.id, "message"), message, "use {contact_for_trouble} or {seller_phone}"


def asks_for_the_benefit(view: View) -> Iterator[Finding]:
    """C1: some contact asks for the benefit they bought it for, in their own words."""
    texts = (text for step in view.playbook.steps for text in (step.message, *step.ask))
    if not any(OWN_WORDS.intersection(slots_of(text)) for text in texts):
        hint = "use {goal}, {use_case} or {reason} in a question or message"
        yield ("", "steps"), "no contact asks whether they get what they bought it for", hint


def first_question_about_use(view: View) -> Iterator[Finding]:
    """C2: the first question about use comes 1 to 21 days after use starts."""
    live = view.chart.anchor("live")
    days = [distance(live, view.place(step)) for step in view.steps(*AFTER_SALE, core=True) if step.ask]
    known = [day for day in days if day is not None and day >= 0]
    if known and not any(1 <= day <= 21 for day in known):
        hint = "add a step between live+1 and live+21"
        yield ("", "steps"), "nobody asks about the use in the first three weeks", hint


def enough_follow_ups(view: View) -> Iterator[Finding]:
    """C3: at least four contacts until effectiveness, two for simple products."""
    least, found = (2 if view.simple else 4), len(view.steps(*IMPLEMENTATION, core=True))
    if found < least:
        yield ("", "steps"), f"{found} contacts before maintenance are too few", f"plan at least {least}"


def voice_every_year(view: View) -> Iterator[Finding]:
    """A7: in maintenance the customer is heard at least once a year, also without a complaint."""
    heard = [step for step in view.steps(Stage.MAINTENANCE) if view.purpose(step).service is Service.FEEDBACK]
    if not any(step.cycle or (step.every and approximate_days(step.every) <= YEAR + 1) for step in heard):
        hint = "add a feedback or needs_assessment step with every: 365d or less"
        yield ("", "steps"), "nobody asks for feedback every year in maintenance", hint


def for_life(view: View) -> Iterator[Finding]:
    """D7, D8: maintenance goes on: at least every 180 days for business customers, 365 for private ones."""
    limit = 180 if view.for_business else YEAR
    steps = [step for step in view.playbook.steps if step.stage in (Stage.MAINTENANCE, None)]
    a_year = sum(YEAR / approximate_days(step.every) for step in steps if step.every and not step.until)
    a_year += sum(1 for step in steps if step.cycle)
    if a_year < 0.99 * YEAR / limit:
        hint = f"add steps with every: so that one comes at least every {limit} days"
        message = "contact in maintenance is too rare" if a_year else "the playbook simply ends: nothing repeats"
        yield ("", "steps"), message, hint


def numbers_without_effect(view: View) -> Iterator[Finding]:
    """PLAYBOOKS: where the stages are written, their days hold, not those of the curve."""
    written = view.playbook.overrides.get("curve", {})
    said = {"dip_start": Stage.LEARNING, "recovered": Stage.EFFECTIVENESS, "maintenance": Stage.MAINTENANCE}
    for name, stage in said.items():
        if name in written and stage in view.playbook.stages:
            hint = f"delete {name}:, or delete {stage}: under stages:"
            yield ("", "curve"), f"curve: {name} has no effect, since stages: says when {stage} begins", hint


def own_names_like_booleans(view: View) -> Iterator[Finding]:
    """Own names that other YAML tools read as true, false or nothing."""
    sections = (("anchors", view.playbook.anchors), ("resources", view.playbook.resources))
    own = (("placeholders", view.playbook.placeholders), ("purposes", view.playbook.purposes))
    for section, names in (*sections, *own):
        for name in sorted(YAML_WORDS.intersection(names)):
            yield ("", section), f'other tools read "{name}" as a yes or no', "choose another name"


StepRule = Callable[[View, Step], Iterator[Finding]]
Rule = Callable[[View], Iterator[Finding]]

STEP_RULES: tuple[StepRule, ...] = (
    generic_question,
    number_of_questions,
    personal_message,
    anchor_of_placeholder,
    positive_first_question,
    announced_fee,
    several_forms,
    answer_to_a_problem,
    names_like_booleans,
)
PLAYBOOK_RULES: tuple[Rule, ...] = (
    goal_and_kpi,
    fit_and_concerns,
    planning_together,
    attention_in_novelty,
    reading_the_dip,
    early_effort,
    gaps_in_learning,
    value_moves,
    call_types,
    contact_for_trouble,
    asks_for_the_benefit,
    first_question_about_use,
    enough_follow_ups,
    voice_every_year,
    for_life,
    numbers_without_effect,
    own_names_like_booleans,
)
