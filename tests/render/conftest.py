"""A small sales book as results, screens to show it on, and results filled with hostile text."""

from __future__ import annotations

import dataclasses
import io
import math
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from followup.actions import results as r
from followup.core.model.touchpoint import Reason
from followup.errors import Problem
from followup.render import Screen, make_screen

TODAY = date(2026, 3, 12)  # a Thursday


def on(days: int) -> date:
    """The day so many days from today."""
    return TODAY + timedelta(days=days)


def touchpoint(**changed: Any) -> r.TouchpointView:
    """A prevention call for Acme, two days late, unless changed."""
    due_on: date | None = changed.get("due_on", on(-2))
    late = (TODAY - due_on).days if due_on else 0
    values: dict[str, Any] = {
        "id": 12,
        "customer": "Acme Tooling",
        "customer_key": "acme",
        "contact": "Jane Doe",
        "sale": 3,
        "product": "Reporting Suite",
        "playbook": "saas",
        "step": "dip_call",
        "occurrence": 1,
        "stage": "learning",
        "stage_day": 16,
        "stage_days": 59,
        "purpose": "prevention",
        "service": "prevention",
        "channel": "phone",
        "reach": "+49 30 1234567",
        "due_on": due_on,
        "opens_on": due_on - timedelta(2) if due_on else None,
        "closes_on": due_on + timedelta(2) if due_on else None,
        "status": "open",
        "days_overdue": max(late, 0),
        "mood": 52,
        "trend": "decaying",
        "why_now": "mood is falling",
        **changed,
    }
    return r.TouchpointView(**values)


ITEMS = (
    touchpoint(
        id=41,
        customer="Nordwind Logistik GmbH",
        customer_key="nordwind",
        contact="Petra Lindner",
        stage_day=22,
        purpose="recovery",
        reach="+49 40 5559812",
        due_on=on(-1),
        lane=1,
        mood=38,
        why_now="1 day late; problem open for 2 days",
        last_words="the import lost our March orders",
        gives="a fix, or a date for one",
    ),
    touchpoint(
        folded_count=2,
        why_now="2 days late; mood is falling",
        last_words="loves the reports",
        gives="a fix, or a date for one",
    ),
    touchpoint(
        id=7,
        customer="Hotel Berghof",
        customer_key="berghof",
        contact="Hotel Berghof",
        stage="effectiveness",
        stage_day=3,
        stage_days=114,
        purpose="feedback",
        channel="email",
        reach="reservierung@hotel-berghof.example",
        due_on=on(0),
        agreed_time=time(14, 30),
        mood=71,
        trend="improving",
        why_now="window closes tomorrow",
    ),
    touchpoint(
        id=30,
        customer="Bluebird Bikes",
        customer_key="bluebird",
        contact="Tom",
        stage="maintenance",
        stage_day=212,
        stage_days=None,
        purpose="needs_assessment",
        reach="+44 20 79460991",
        due_on=on(0),
        mood=None,
        trend=None,
        why_now="no contact for 88 days",
        last_words="sales are slow this winter",
    ),
    touchpoint(
        id=55,
        customer="株式会社さくら",
        customer_key="sakura",
        contact="田中太郎",
        stage="maintenance",
        purpose="renewal",
        channel="email",
        reach="tanaka@sakura.example",
        due_on=on(4),
        mood=66,
        why_now="renewal in 45 days",
    ),
)


def mood_level(at: float) -> float:
    """The moderate curve of DOMAIN 4.1."""

    def step(share: float) -> float:
        return (1 - math.cos(math.pi * share)) / 2

    if at <= 7:
        return 0.85
    if at < 28:
        return 0.85 - 0.35 * step((at - 7) / 21)
    return 0.5 + 0.35 * step(min((at - 28) / 38, 1.0))


CURVE = r.CurveView(novelty_level=0.85, effectiveness_level=0.85, depth=0.35, dip_starts=7, trough=28, recovered=66)
MOOD_LINE = tuple((at, mood_level(at)) for at in range(181))
STAGES = {
    "before_sale": r.SpanView(begin=on(-60), end=on(-24)),
    "novelty": r.SpanView(begin=on(-24), end=on(-15)),
    "learning": r.SpanView(begin=on(-15), end=on(44)),
    "effectiveness": r.SpanView(begin=on(44), end=on(158)),
    "maintenance": r.SpanView(begin=on(158), end=None),
}
ANCHORS = {"sale": on(-24), "live": on(-22), "renewal": on(341), "event": None}
FACTORS = {"prevention": 1.5, "education": 1.5, "feedback": 1.0}
CONCERN = r.ConcernView(
    id=4,
    sale=3,
    customer="Acme Tooling",
    customer_key="acme",
    text="the export takes too long",
    severity="major",
    category="product",
    opened_on=on(-3),
    resolved_on=None,
)
PROMISE = r.PromiseView(
    id=2,
    sale=3,
    customer="Acme Tooling",
    customer_key="acme",
    text="send the export guide",
    by=on(-1),
    done_on=None,
    told_on=None,
)


def promise_line(number: int, state: str, **changed: Any) -> r.PromiseLine:
    """A promise as the list shows it."""
    values: dict[str, Any] = {
        "text": "a call about the import",
        "by": on(-1),
        "done_on": None,
        "told_on": None,
        "about": "",
        "answer": "",
        **changed,
    }
    return r.PromiseLine(id=number, sale=3, customer="Acme Tooling", customer_key="acme", state=state, **values)


def activity(number: int, days: int, kind: str = "contacted", **changed: Any) -> r.ActivityView:
    """A recorded fact."""
    values: dict[str, Any] = {
        "channel": "phone",
        "direction": "outbound",
        "outcomes": (),
        "note": "",
        "score": None,
        "minutes": None,
        "step": "dip_call",
        "occurrence": 1,
        "purpose": "prevention",
        **changed,
    }
    return r.ActivityView(id=number, kind=kind, on=on(days), **values)


ACTIVITIES = (
    activity(1, -24, outcomes=("good",), note="wants the monthly report in one day"),
    activity(2, -22, "milestone", purpose="", channel="", milestone="live"),
    activity(3, -15, outcomes=("great", "idea"), note="loves the reports"),
    activity(4, -3, outcomes=("concern",), direction="inbound", score=7, note="the export takes too long"),
    activity(5, -2, "snoozed", channel="", to_on=on(-2)),
)
PLANNED = (
    touchpoint(id=8, step="welcome_note", due_on=on(-24), status="done", done_on=on(-24), days_overdue=0),
    touchpoint(),
    touchpoint(id=13, step="lesson_one", purpose="education", due_on=on(3), by_hand=True),
    touchpoint(id=14, step="renewal_value", purpose="renewal", due_on=None, status="waiting"),
)
SALE = r.SaleView(
    id=3,
    product="Reporting Suite",
    playbook="saas",
    goal="the monthly report in one day",
    stage="learning",
    stage_day=16,
    stage_days=59,
    stages=STAGES,
    anchors=ANCHORS,
    assumed_anchors=("renewal",),
    curve=CURVE,
    mood=r.MoodView(model=58, evidence=48, estimate=52, measured_on=on(-3)),
    mood_line=MOOD_LINE,
    live_on=on(-22),
    strength=64,
    understood="yes",
    understood_on=on(-4),
    trend="decaying",
    touchpoints=PLANNED,
    activities=ACTIVITIES,
    concerns=(CONCERN,),
    promises=(PROMISE,),
)
CUSTOMER = r.CustomerView(
    id=1,
    key="acme",
    name="Acme Tooling",
    company="Acme Tooling Ltd",
    kind="company",
    country="DE",
    subdivision="BE",
    timezone="Europe/Berlin",
    usage="heavy",
    tier="A",
    tags=("pilot", "berlin"),
    do_not_contact=False,
    notes="Prefers calls before ten.",
    extra={"Industry": "Tools"},
)
CONTACT = r.ContactView(
    id=1,
    name="Jane Doe",
    first_name="Jane",
    role="decider",
    email="jane@acme.example",
    phone="+49 30 1234567",
    channel="phone",
    do_not_contact=False,
    is_main=True,
)
REASONS = (
    Reason("written", "Written for 14 days after the start of use.", {"when": "live+14"}),
    Reason("dip_watch", "Inside the dip a contact is due every ten days.", {"gmax": 10, "day": 16.5}),
)
CHANGES = (
    r.Change(step="dip_call", occurrence=1, change="moved", from_on=on(2), to_on=on(5), reason="public holiday"),
    r.Change(step="watch", occurrence=2, change="added", from_on=None, to_on=on(9), reason="concern open"),
    r.Change(step="introduction", occurrence=1, change="dropped", from_on=on(20), to_on=None, reason="open problem"),
)
STEP = r.StepLine(
    step="dip_call",
    stage="learning",
    when="live+14",
    every=None,
    window=(-2, 2),
    channel="phone",
    purpose="prevention",
    service="prevention",
    need="core",
    goal="Catch the start of the dip and say plainly that it is normal.",
)
REVIEW = dataclasses.replace(
    STEP, step="needs_review", stage="maintenance", when="live+180", every="180d", window=(-7, 14), need="extra"
)

SAMPLES: dict[str, r.Result] = {
    "due": r.DueList(
        today=TODAY, items=ITEMS, hidden_count=4, done_today=5, due_count=8, next_due_on=None, customer_count=31
    ),
    "nothing_due": r.DueList(today=TODAY, items=(), done_today=5, next_due_on=on(4), customer_count=31),
    "customer": r.CustomerPage(today=TODAY, customer=CUSTOMER, contacts=(CONTACT,), sales=(SALE,)),
    "list": r.CustomerList(
        today=TODAY,
        items=tuple(
            r.ListItem(
                customer=view.customer or "",
                customer_key=view.customer_key or "",
                sale=view.sale,
                product=view.product,
                playbook=view.playbook,
                stage=view.stage,
                stage_day=view.stage_day,
                stage_days=view.stage_days,
                mood=view.mood,
                strength=None if view.mood else 64,
                trend="decaying",
                tier="A",
                tags=("pilot",),
                last_contact_on=on(-5),
                next=view,
            )
            for view in ITEMS
        ),
    ),
    "why": r.Why(
        today=TODAY,
        touchpoint=ITEMS[1],
        reasons=REASONS,
        curve=CURVE,
        mood=SALE.mood,
        priority_parts={"risk": 18.2, "purpose": 20.0, "late": 4.43},
        factors=FACTORS,
        assumptions=("The depth of the dip is a preset, not measured.",),
        would_change=("A contact before it moves the next dip watch.",),
        lane_reason="no problem, no broken promise, no deadline within two days: the score decides",
        priority_reasons=(Reason("risk", "18.2 of 40 for risk: mood is estimated at 52 where 85 is normal", {}),),
        readings=(
            r.ReadingView(on=on(-15), value=95, weight=0.3657, source="outcome great", measured=False),
            r.ReadingView(on=on(-3), value=70, weight=0.9057, source="nps 7", measured=True),
        ),
        effort=(Reason("effort", "Two of three early contacts were made in time.", {"effort": 0.62}),),
        strength=64,
        stability_days=40.5,
        strength_since=on(-90),
        flags=(Reason("stuck", "No first result after three extensions.", {"extensions": 3}),),
        understood="no",
        understood_on=on(-4),
        notes="sails on weekends",
    ),
    "recorded": r.Recorded(
        today=TODAY,
        verb="done",
        customer="Acme Tooling",
        customer_key="acme",
        activity=ACTIVITIES[2],
        next=PLANNED[1:],
        changes=CHANGES,
        said=("Recorded for Acme Tooling on Thu 2026-03-12: good.",),
    ),
    "written": r.Written(
        today=TODAY,
        command="add",
        said=("Acme Tooling (acme) is in, with Jane Doe.",),
        customer="Acme Tooling",
        customer_key="acme",
        sale=3,
        next=PLANNED[1:2],
        dry_run=True,
    ),
    "planned": r.Planned(today=TODAY, sales_count=31, touchpoints_count=402, changes=CHANGES),
    "imported": r.Imported(
        today=TODAY,
        source="customers.csv",
        rows=103,
        created=88,
        updated=3,
        unchanged=9,
        skipped=3,
        sales_created=60,
        rejected=(r.Rejected(line=12, column="Sale date", value="31.02.2026", message="there is no such day"),),
        mapping={"name": "Company", "email": "E-mail"},
        unmapped=("Region", "Fax"),
        dialect=r.Dialect(encoding="cp1252", delimiter=";"),
        without_sale=28,
        rejects_file="rejects.csv",
        rejected_count=3,
        changes=(
            r.FieldChange(
                customer="Okonkwo Ltd", customer_key="okonkwo", field="phone", old="030 1", new="030 2", line=4
            ),
            r.FieldChange(customer="Zoë Blum", customer_key="zoe", field="external_id", old="", new="C-7", line=9),
        ),
        changes_count=5,
    ),
    "import_preview": r.ImportPreview(
        today=TODAY,
        source="customers.csv",
        kind="customers",
        rows=103,
        rejected_count=3,
        mapping={"name": "Company", "email": "E-mail", "next_contact": "Wiedervorlage"},
        unmapped=("Region", "Fax"),
        samples=tuple(
            r.SampleRow(line=line, values={"name": name, "email": f"info@{name.split()[0].lower()}.example"})
            for line, name in ((2, "Okonkwo Ltd"), (3, "Blauw Bloem B.V."), (4, "Núñez, Hijos & Cía"))
        ),
        dialect=r.Dialect(encoding="cp1252", delimiter=";"),
    ),
    "preview": r.Preview(
        today=on(-25),
        playbook="saas",
        title="Software subscription",
        stages=STAGES,
        anchors=ANCHORS,
        assumed_anchors=("renewal",),
        curve=CURVE,
        mood=MOOD_LINE,
        live_on=on(-22),
        factors=FACTORS,
        touchpoints=tuple(
            dataclasses.replace(view, id=None, customer=None, sale=None, status="open", goal=STEP.goal)
            for view in PLANNED
        ),
        left_out=(Reason("pulse", "the feedback factor does not call for the extra one"),),
    ),
    "playbooks": r.PlaybookList(
        today=TODAY,
        items=(
            r.PlaybookLine(
                playbook="saas",
                title="Software subscription",
                complexity="moderate",
                steps_count=22,
                source="shipped",
                sales_count=12,
            ),
        ),
    ),
    "playbook": r.PlaybookPage(
        today=TODAY,
        playbook="saas",
        title="Software subscription",
        goal="Customers reach their first result within a month.",
        kpi="nps",
        complexity="moderate",
        life_cycle="growth",
        extensiveness="medium",
        source="shipped",
        anchors={"sale": "contract signed", "live": "use starts"},
        stages={"novelty": "sale", "learning": "live+7, trough live+28"},
        first_result="one real job done",
        resources={"first-steps": "First three steps"},
        steps=(STEP, REVIEW),
        curve=CURVE,
        mood=MOOD_LINE,
    ),
    "checked": r.Checked(
        today=TODAY,
        files=("mine.yaml",),
        problems=(
            Problem(source="mine.yaml", line=12, column=5, message="unknown key `chanel`", hint="write `channel`"),
            Problem(source="mine.yaml", line=20, column=5, message="one placeholder only", severity="warning"),
        ),
    ),
    "tuned": r.Tuned(
        today=TODAY,
        playbook="saas",
        title="Software subscription",
        source="shipped",
        sales_count=9,
        customers_count=8,
        readings_count=37,
        lost_count=1,
        left_out_count=2,
        confidence="blend",
        depth_before=0.35,
        depth_proposed=0.43,
        stretch_before=1.0,
        stretch_proposed=1.17,
        days=(
            r.TunedDay(name="learning", text="live+7", before=7, proposed=8, written=8),
            r.TunedDay(
                name="trough",
                text="live+28",
                before=28,
                proposed=33,
                written=30,
                note="further only after you moved its steps: live+35 lies after learning ends (live+34)",
            ),
            r.TunedDay(
                name="effectiveness",
                text="event",
                before=None,
                proposed=None,
                note="event does not count days from live or sale: left alone, move it by hand if you agree",
            ),
        ),
        channels=(
            r.TunedChannel(
                purpose="prevention",
                channel="phone",
                tried_count=6,
                answered_count=0,
                rate=0.21875,
                usual_rate=0.35,
                suggested="message",
                suggested_rate=0.45,
                steps=("week_one", "dip_call"),
            ),
            r.TunedChannel(
                purpose="needs_assessment",
                channel="screen_share",
                tried_count=3,
                answered_count=3,
                rate=0.923077,
                usual_rate=0.9,
            ),
        ),
        first_result=r.TunedResult(
            expected_day=66, proposed_day=72, factor=1.09, reached_count=5, waiting_count=2, confidence="blend"
        ),
        said=("would write playbooks/saas.yaml", "existing sales do not change until: followup replan CUSTOMER"),
        path="playbooks/saas.yaml",
        diff=(
            "--- shipped",
            "+++ playbooks/saas.yaml",
            "@@ -17,5 +17,5 @@",
            " stages:",
            "-  learning:      {from: live+7, trough: live+28}",
            "+  learning:      {from: live+8, trough: live+30}",
        ),
        dry_run=True,
    ),
    "history": r.History(
        today=TODAY,
        items=(
            r.HistoryLine(id=9, at="2026-03-12T08:05:11Z", command="done", summary="done 12", undone=True),
            r.HistoryLine(id=8, at="2026-03-11T08:05:11Z", command="import", summary="customers.csv: 88 new"),
        ),
        activities=ACTIVITIES,
        customer="Acme Tooling",
    ),
    "concerns": r.ConcernList(today=TODAY, items=(CONCERN,)),
    "promises": r.PromiseList(
        today=TODAY,
        items=(
            promise_line(2, "broken", text="send the export guide"),
            promise_line(3, "tell", done_on=on(-1), about="idea", answer="planned", text="a dark theme"),
            promise_line(4, "open", by=on(3)),
            promise_line(1, "late", by=on(-30), done_on=on(-28), told_on=on(-27)),
        ),
        kept_count=4,
        late_count=1,
        broken_count=1,
    ),
    "stages": r.CustomerStages(
        today=TODAY,
        customer="Acme Tooling",
        customer_key="acme",
        items=(
            r.StageLine(
                sale=3,
                product="Reporting Suite",
                playbook="saas",
                stage="learning",
                stage_day=16,
                stage_days=59,
                since=on(-15),
                next_stage="effectiveness",
                next_on=on(44),
                flags=(Reason("stuck", "stuck: learning was extended 3 times", {"extensions": 3}),),
                would_move=("a first result brings effectiveness within 7 days", "by hand: followup stage acme"),
            ),
            r.StageLine(
                sale=4,
                product="",
                playbook="retail",
                stage="before_sale",
                stage_day=None,
                stage_days=None,
                since=None,
                next_stage=None,
                next_on=None,
            ),
        ),
    ),
    "next": r.Advice(
        today=TODAY,
        customer="Acme Tooling",
        customer_key="acme",
        touchpoint=ITEMS[1],
        text="call Jane Doe today: Catch the start of the dip and say plainly that it is normal.",
        reason="2 days late; mood is falling",
        command="followup done 12 OUTCOME",
        notes="sails on weekends",
    ),
    "replanned": r.Replanned(
        today=TODAY,
        items=(
            r.ReplanItem(
                customer="Acme Tooling",
                customer_key="acme",
                sale=3,
                product="Reporting Suite",
                was="saas",
                playbook="saas",
                changes=CHANGES,
            ),
            r.ReplanItem(
                customer="Bluebird Bikes",
                customer_key="bluebird",
                sale=4,
                product="",
                was="retail",
                playbook="vehicle",
                changes=(),
            ),
        ),
        unchanged_count=12,
        dry_run=True,
    ),
    "config": r.ConfigView(
        today=TODAY, path="/home/sam/config.toml", values={"me.name": "Sam", "contact.capacity": "12"}
    ),
}


@pytest.fixture(scope="session")
def samples() -> Mapping[str, r.Result]:
    """One realistic result of every kind, by name."""
    return SAMPLES


@pytest.fixture(scope="session")
def make_touchpoint() -> Callable[..., r.TouchpointView]:
    """A touchpoint with changed fields."""
    return touchpoint


@pytest.fixture(scope="session")
def acme_sale() -> r.SaleView:
    """A sale in the middle of its dip: live on 2026-02-18, today is day 22 of use."""
    return SALE


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """What was written to a screen."""

    raw: bytes
    notes: str

    @property
    def text(self) -> str:
        """The text, escape sequences included."""
        return self.raw.decode("utf-8")

    @property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")[:-1]


Show = Callable[..., Shown]


@pytest.fixture(scope="session")
def show() -> Show:
    """`show(result, width=80)`: what a result looks like on a terminal, or with `kind="pipe"` in a pipe."""
    from followup.render import render

    def shown(
        result: r.Result | Callable[[Screen], None],
        width: int = 80,
        *,
        kind: str = "terminal",
        encoding: str = "utf-8",
        **facts: Any,
    ) -> Shown:
        buffer = io.BytesIO()
        stream = io.TextIOWrapper(buffer, encoding=encoding, newline="")
        notes = io.StringIO()
        settings = {"color": "never", "term": "xterm-256color", **facts}
        screen = make_screen(stream, isatty=kind == "terminal", notes=notes, columns=str(width), **settings)
        if isinstance(result, r.Result):
            render(result, screen)
        else:
            result(screen)
        stream.flush()
        return Shown(buffer.getvalue(), notes.getvalue())

    return shown


@pytest.fixture(scope="session")
def filled() -> Callable[[type[Any], str], Any]:
    """`filled(DueList, text)`: a result in which every text, in every depth, is `text`."""

    def value(hint: Any, text: str) -> Any:
        origin, inner = get_origin(hint), get_args(hint)
        if origin in (types.UnionType, typing.Union):
            return value(next(kind for kind in inner if kind is not type(None)), text)
        if origin is Literal:
            return inner[0]
        if origin is tuple:
            if inner[-1] is Ellipsis:
                return (value(inner[0], text), value(inner[0], text))
            return tuple(value(kind, text) for kind in inner)
        if origin is not None and issubclass(origin, Mapping):
            return {text: value(inner[1], text), "other": value(inner[1], text)}
        if dataclasses.is_dataclass(hint):
            hints = get_type_hints(hint)
            return hint(
                **{field.name: value(hints[field.name], text) for field in dataclasses.fields(hint) if field.init}
            )
        plain: dict[Any, Any] = {
            str: text,
            int: 21,
            float: 0.5,
            bool: True,
            date: TODAY,
            time: time(9, 5),
        }
        return plain[hint]

    return value


def every_result() -> Iterator[type[r.Result]]:
    """Every kind of result of `results`. Those that live beside their action are texts to copy or to hand on: they have
    lines of their own, and tests of their own (tests/cli, tests/trust bar 26).

    `slots=True` makes a class twice; only the one with the name counts.
    """
    waiting = list(r.Result.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__ == r.__name__ and getattr(r, kind.__name__, None) is kind:
            yield kind


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that take `result_kind` or `sample_name` run for every kind of result."""
    if "result_kind" in metafunc.fixturenames:
        kinds = sorted(every_result(), key=lambda kind: kind.__name__)
        metafunc.parametrize("result_kind", kinds, ids=[kind.__name__ for kind in kinds])
    if "sample_name" in metafunc.fixturenames:
        metafunc.parametrize("sample_name", list(SAMPLES))
