"""The JSON that scripts of other people rely on: names, types, null instead of missing. Fields are only ever added."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli

MONDAY = "2026-01-05"
STAGES = ("before_sale", "novelty", "learning", "effectiveness", "maintenance")
STATUSES = ("open", "done", "skipped", "absorbed", "expired", "held", "cancelled", "waiting")

Check = Callable[[Any], bool]
Shape = Any  # a check, a list of one shape, a dict of name -> shape, or a tuple of allowed values


def text(value: Any) -> bool:
    return isinstance(value, str)


def said(value: Any) -> bool:
    """Text with something in it: what is absent is null."""
    return text(value) and value.strip() != ""


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def score(value: Any) -> bool:
    """A whole number from 0 to 100."""
    return whole(value) and 0 <= value <= 100


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def level(value: Any) -> bool:
    return number(value) and 0 <= value <= 1


def yes_or_no(value: Any) -> bool:
    return isinstance(value, bool)


def day(value: Any) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def clock(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d\d:\d\d", value) is not None


def instant(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", value) is not None


def scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def or_null(shape: Shape) -> Check:
    def check(value: Any) -> bool:
        if value is not None:
            assert_fits(value, shape, "...")
        return True

    return check


def mapping(shape: Shape) -> Check:
    def check(value: Any) -> bool:
        for name, each in value.items():
            assert_fits(each, shape, name)
        return isinstance(value, dict)

    return check


def assert_fits(value: Any, shape: Shape, where: str) -> None:
    """Every named field is there and has its type; more fields are welcome."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        missing = shape.keys() - value.keys()
        assert not missing, f"{where} lacks {sorted(missing)}"
        for name, inner in shape.items():
            assert_fits(value[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for index, each in enumerate(value):
            assert_fits(each, shape[0], f"{where}[{index}]")
    elif isinstance(shape, tuple):
        assert value in shape, f"{where} is {value!r}"
    else:
        assert shape(value), f"{where} is {value!r}, no {shape.__name__}"


REASON = {"rule": text, "text": text, "inputs": mapping(scalar)}
TOUCHPOINT = {
    "id": whole,
    "customer": text,
    "customer_key": text,
    "contact": or_null(text),
    "sale": whole,
    "product": or_null(text),
    "playbook": text,
    "step": text,
    "occurrence": whole,
    "stage": STAGES,
    "purpose": text,
    "service": ("prevention", "education", "feedback", "none"),
    "channel": text,
    "due_on": or_null(day),
    "opens_on": or_null(day),
    "closes_on": or_null(day),
    "status": STATUSES,
    "days_overdue": whole,
    "lane": (1, 2, 3),
    "priority": score,
    "mood": or_null(score),
    "trend": ("improving", "decaying", None),
    "goal": text,
    "gives": text,
    "ask": [text],
    "reasons": [REASON],
    "folded_count": whole,
    "agreed_time": or_null(clock),
}
PREVIEWED = {**TOUCHPOINT, **dict.fromkeys(("id", "customer", "customer_key", "sale"), (None,))}
CURVE = {
    "novelty_level": level,
    "effectiveness_level": level,
    "depth": level,
    "dip_starts": number,
    "trough": number,
    "recovered": number,
}
SPANS = {stage: {"begin": or_null(day), "end": or_null(day)} for stage in STAGES}
ACTIVITY = {
    "id": whole,
    "kind": text,
    "on": day,
    "direction": ("inbound", "outbound"),
    "channel": text,
    "outcomes": [text],
    "note": text,
    "score": or_null(whole),
    "minutes": or_null(whole),
    "step": text,
    "occurrence": whole,
    "purpose": text,
}
CONCERN = {
    "id": whole,
    "text": text,
    "severity": ("minor", "moderate", "major"),
    "category": ("product", "price", "delivery", "support", "company", "other"),
    "opened_on": day,
    "resolved_on": or_null(day),
}
PROMISE = {"id": whole, "text": text, "by": day, "done_on": or_null(day), "told_on": or_null(day)}
PROMISE_LINE = {
    **PROMISE,
    "customer": text,
    "customer_key": text,
    "sale": whole,
    "about": ("", "concern", "problem", "idea"),
    "answer": ("", "adopted", "planned", "declined"),
    "state": ("broken", "tell", "open", "kept", "late"),
}
CHANGE = {
    "step": text,
    "occurrence": whole,
    "change": ("added", "moved", "dropped"),
    "from": or_null(day),
    "to": or_null(day),
    "reason": text,
}
PROBLEM = {
    "source": text,
    "line": whole,
    "column": whole,
    "severity": ("error", "warning"),
    "message": text,
    "hint": text,
}
CUSTOMER = {
    "id": whole,
    "key": text,
    "name": text,
    "company": text,
    "kind": ("company", "person"),
    "country": text,
    "subdivision": text,
    "timezone": text,
    "usage": ("heavy", "normal", "light"),
    "tier": ("A", "B", "C"),
    "tags": [text],
    "do_not_contact": yes_or_no,
    "notes": text,
    "extra": mapping(text),
}
CONTACT = {
    "id": whole,
    "name": text,
    "first_name": text,
    "role": text,
    "email": text,
    "phone": text,
    "channel": text,
    "do_not_contact": yes_or_no,
    "is_main": yes_or_no,
}
SALE = {
    "id": whole,
    "product": text,
    "playbook": text,
    "stage": STAGES,
    "stages": SPANS,
    "anchors": mapping(or_null(day)),
    "curve": CURVE,
    "strength": or_null(score),
    "mood": {"model": score, "evidence": or_null(number), "estimate": score, "measured_on": or_null(day)},
    "touchpoints": [TOUCHPOINT],
    "activities": [ACTIVITY],
    "concerns": [CONCERN],
    "promises": [PROMISE],
}
ITEM = {
    "customer": text,
    "customer_key": text,
    "sale": or_null(whole),
    "product": or_null(text),
    "playbook": or_null(text),
    "stage": (*STAGES, None),
    "stage_day": or_null(whole),
    "stage_days": or_null(whole),
    "mood": or_null(score),
    "strength": or_null(score),
    "trend": ("improving", "decaying", None),
    "tier": ("A", "B", "C"),
    "tags": [text],
    "last_contact_on": or_null(day),
    "next": or_null(TOUCHPOINT),
}
STAGE_LINE = {
    "sale": whole,
    "product": text,
    "playbook": text,
    "stage": STAGES,
    "stage_day": or_null(whole),
    "stage_days": or_null(whole),
    "since": or_null(day),
    "next_stage": or_null(STAGES),
    "next_on": or_null(day),
    "flags": [REASON],
    "would_move": [text],
}
IMPORTED = {
    **dict.fromkeys(("rows", "created", "updated", "unchanged", "skipped", "sales_created"), whole),
    "rejected": [{"line": whole, "column": text, "value": text, "message": text}],
    "mapping": mapping(text),
    "unmapped": [text],
    "dialect": {"encoding": text, "delimiter": text},
}
DONE = {"activity": or_null(ACTIVITY), "next": [TOUCHPOINT], "changes": [CHANGE], "already": yes_or_no}
WRITTEN = {"command": text, "said": [text], "next": [TOUCHPOINT], "changes": [CHANGE], "dry_run": yes_or_no}
ADVICE = {
    "customer": text,
    "customer_key": text,
    "touchpoint": or_null(TOUCHPOINT),
    "text": text,
    "reason": text,
    "command": text,
}
REPLANNED = {
    "customer": text,
    "customer_key": text,
    "sale": whole,
    "product": text,
    "was": text,
    "playbook": text,
    "changes": [CHANGE],
}
TUNED = {
    "playbook": text,
    "source": text,
    **dict.fromkeys(("sales_count", "customers_count", "readings_count", "lost_count", "left_out_count"), whole),
    "confidence": ("nothing yet", "mostly the playbook", "blend", "your data"),
    **dict.fromkeys(("depth_before", "depth_proposed"), level),
    **dict.fromkeys(("stretch_before", "stretch_proposed"), number),
    "days": [
        {
            "name": text,
            "text": text,
            **dict.fromkeys(("before", "proposed", "written"), or_null(whole)),
            "note": text,
        }
    ],
    "channels": [
        {
            "purpose": text,
            "channel": text,
            **dict.fromkeys(("tried_count", "answered_count"), whole),
            **dict.fromkeys(("rate", "usual_rate"), level),
            "suggested": or_null(text),
            "suggested_rate": or_null(level),
            "steps": [text],
        }
    ],
    "first_result": {
        **dict.fromkeys(("expected_day", "proposed_day", "reached_count", "waiting_count"), whole),
        "factor": number,
        "confidence": text,
    },
    "said": [text],
    "path": or_null(text),
    "diff": [text],
    "applied": yes_or_no,
    "dry_run": yes_or_no,
}
RESOURCE = {"title": text, "link": text, "mode": text, "form": text, "fee": yes_or_no}
DRAFT = {
    **{name: TOUCHPOINT[name] for name in ("id", "customer", "customer_key", "contact", "sale", "product", "playbook")},
    **{name: TOUCHPOINT[name] for name in ("step", "occurrence", "stage", "purpose", "due_on", "channel", "goal")},
    **dict.fromkeys(("role", "reach", "link", "notes", "last_words"), or_null(said)),
    **dict.fromkeys(("subject", "body", "text", "gives", "then"), said),
    "channel_reasons": [REASON],
    "ask": [text],
    "resources": [RESOURCE],
    "values": mapping(text),
    **dict.fromkeys(("copied", "opened"), yes_or_no),
}
PURPOSE_LINE = {"purpose": text, "summary": text, "stages": [text], "service": text, "selling": yes_or_no}
GUIDE = {
    **dict.fromkeys(("purpose", "summary", "aim", "begin", "listen", "avoid", "end", "written"), text),
    "ways": [{"title": text, "text": text}],
    "ask": [text],
    "record": [text],
}
FILE_PERSON = {"name": said, **dict.fromkeys(("role", "company", "phone", "email"), or_null(said))}
FILE_SALE = {
    **dict.fromkeys(("product", "goal", "reason", "old_way"), or_null(said)),
    "bought_on": or_null(day),
    "dates": mapping(day),
    "milestones": [{"on": day, "name": said, "text": or_null(said)}],
    "words": [{"on": day, "text": said}],
    "scores": [{"on": day, "kind": text, "value": text, "most": whole}],
    "problems": [
        {
            "on": day,
            **dict.fromkeys(("text", "words"), or_null(said)),
            **dict.fromkeys(("answered_on", "solved_on", "confirmed_on"), or_null(day)),
            "days": or_null(whole),
            "again": yes_or_no,
        }
    ],
    "concerns": [
        {"opened_on": day, "text": text, "resolved_on": or_null(day), "days": or_null(whole), "answer": or_null(said)}
    ],
    "promises": [
        {"text": text, "by": day, "done_on": or_null(day), "told_on": or_null(day), "state": PROMISE_LINE["state"]}
    ],
    "ideas": [{"text": said, "by": day, "answer": ("adopted", "planned", "declined", None), "told_on": or_null(day)}],
    "next": [{"on": or_null(day), "text": text}],
    **dict.fromkeys(("results_count", "problems_count", "settled_count"), whole),
}
FILE = {
    **dict.fromkeys(("customer", "customer_key"), said),
    "company": or_null(said),
    "people": [FILE_PERSON],
    "seller": or_null(FILE_PERSON),
    "sales": [FILE_SALE],
    "written_to": or_null(text),
}
DELIVERY = {
    "target": text,
    "day": day,
    "id": or_null(whole),
    "customer_key": or_null(text),
    "step": text,
    "occurrence": whole,
    "error": or_null(text),
}
REMINDED = {
    "items": [TOUCHPOINT],
    **{name: [DELIVERY] for name in ("sent", "unknown", "failed", "would_send")},
    "tested": [{"target": text, "sent": yes_or_no, "error": or_null(text)}],
    "dry_run": yes_or_no,
}
CALENDAR = {
    **dict.fromkeys(("path", "url", "customer", "customer_key"), or_null(text)),
    **dict.fromkeys(("entries", "added", "changed", "cancelled", "unchanged", "left_count", "failed_count"), whole),
    **dict.fromkeys(("written", "dry_run"), yes_or_no),
    "items": [
        {
            "uid": text,
            "sequence": whole,
            "change": ("added", "changed", "cancelled", "unchanged"),
            "on": day,
            "at": or_null(clock),
            "zone": or_null(text),
            "summary": text,
        }
    ],
}
CRON = {
    "system": ("cron", "systemd", "launchd", "windows"),
    "text": text,
    "install": [text],
    "path": or_null(text),
    "command": [text],
    "at": clock,
    "days": [text],
    "parts": mapping(text),
}
PREVIEW = {"stages": SPANS, "curve": CURVE, "touchpoints": [PREVIEWED]}
ERROR = {"error": text, "hint": or_null(text), "problems": [PROBLEM]}

# command line -> (name of the schema, shape)
COMMANDS: dict[tuple[str, ...], tuple[str, Shape]] = {
    ("due",): ("due", {"items": [TOUCHPOINT], "hidden_count": whole}),
    ("due", "--days", "60", "--all"): ("due", {"items": [TOUCHPOINT], "hidden_count": whole}),
    ("show", "anna-meyer"): ("customer", {"customer": CUSTOMER, "contacts": [CONTACT], "sales": [SALE]}),
    ("show", "dan"): ("customer", {"customer": CUSTOMER, "contacts": [CONTACT], "sales": [SALE]}),
    ("list",): ("list", {"items": [ITEM]}),
    ("why", "2"): ("why", {"touchpoint": TOUCHPOINT, "reasons": [REASON], "curve": CURVE}),
    ("done", "2", "good,idea", "a note", "--score", "9", "--minutes", "5"): ("done", DONE),
    ("done", "1", "good"): ("done", DONE),
    ("done", "2", "no-answer"): ("done", DONE),
    ("log", "anna-meyer", "good", "they rang", "--inbound"): ("done", DONE),
    ("skip", "2"): ("done", DONE),
    ("next", "anna-meyer"): ("next", ADVICE),
    ("next", "dan"): ("next", ADVICE),
    ("replan",): ("replan", {"items": [REPLANNED], "unchanged_count": whole, "dry_run": yes_or_no}),
    ("replan", "anna-meyer", "--playbook", "services"): ("replan", {"items": [REPLANNED], "unchanged_count": whole}),
    ("snooze", "2", "fri", "14:30"): ("done", DONE),
    ("add", "Gil", "--playbook", "saas"): ("written", WRITTEN),
    ("sale", "add", "dan", "--playbook", "retail"): ("written", WRITTEN),
    ("contact", "add", "dan", "Fay"): ("written", WRITTEN),
    ("concern", "add", "anna-meyer", "slow"): ("written", WRITTEN),
    ("concern", "resolve", "1"): ("written", WRITTEN),
    ("anchor", "set", "anna-meyer", "live", "fri"): ("written", WRITTEN),
    ("set", "anna-meyer", "usage", "heavy"): ("written", WRITTEN),
    ("undo",): ("written", WRITTEN),
    ("config", "set", "contact.capacity", "9"): ("written", WRITTEN),
    ("playbook", "new", "mine"): ("written", WRITTEN),
    ("concern", "list", "--all"): ("concerns", {"items": [CONCERN]}),
    ("promise", "add", "anna-meyer", "a call", "--by", "fri"): ("written", WRITTEN),
    ("promise", "done", "1"): ("written", WRITTEN),
    ("promise", "list", "--all"): ("promises", {"items": [PROMISE_LINE], "kept_count": whole, "late_count": whole}),
    ("reading", "add", "anna-meyer", "nps", "8"): ("written", WRITTEN),
    ("reading", "add", "anna-meyer", "usage", "up"): ("written", WRITTEN),
    ("hold", "anna-meyer", "--until", "2w"): ("written", WRITTEN),
    ("stage", "anna-meyer", "learning"): ("written", WRITTEN),
    ("stage", "anna-meyer"): ("stage", {"customer": text, "customer_key": text, "items": [STAGE_LINE]}),
    ("dnc", "anna-meyer"): ("written", WRITTEN),
    ("dnc", "anna-meyer", "--contact", "anna"): ("written", WRITTEN),
    ("merge", "anna-meyer", "dan-eko"): ("written", WRITTEN),
    ("plan", "--rebuild"): ("plan", {"sales_count": whole, "touchpoints_count": whole, "changes": [CHANGE]}),
    ("history",): ("history", {"items": [{"id": whole, "at": instant, "command": text, "undone": yes_or_no}]}),
    ("history", "anna-meyer"): ("history", {"customer": text, "activities": [ACTIVITY]}),
    ("config", "show"): ("config", {"path": text, "values": mapping(text)}),
    ("config", "get", "calendar.country"): ("config", {"path": text, "values": mapping(text)}),
    ("config", "path"): ("config", {"values": {"config": text, "data": text}}),
    ("playbook", "list"): ("playbooks", {"items": [{"playbook": text, "title": text, "steps_count": whole}]}),
    ("playbook", "show", "saas"): ("playbook", {"playbook": text, "stages": mapping(text), "curve": CURVE}),
    ("playbook", "check", "saas"): ("check", {"problems": [PROBLEM]}),
    ("playbook", "preview", "saas", "--signed", MONDAY): ("preview", PREVIEW),
    ("playbook", "tune", "saas"): ("tune", TUNED),
    ("message", "2", "--contact", "anna", "--set", "goal=x", "--set", "product=x"): ("message", DRAFT),
    ("message", "2", "--channel", "phone", "--set", "goal=x", "--set", "product=x"): ("message", DRAFT),
    ("guide",): ("guide", {"items": [PURPOSE_LINE], "guide": or_null(GUIDE)}),
    ("guide", "recovery"): ("guide", {"items": [PURPOSE_LINE], "guide": GUIDE}),
    ("file", "anna-meyer"): ("file", FILE),
    ("file", "dan"): ("file", FILE),
    ("remind",): ("remind", REMINDED),
    ("remind", "--dry-run"): ("remind", REMINDED),
    ("remind", "--test"): ("remind", REMINDED),
    ("calendar",): ("calendar", CALENDAR),
    ("calendar", "--customer", "anna-meyer", "--dry-run"): ("calendar", CALENDAR),
    **{("cron", "--system", name): ("cron", CRON) for name in ("cron", "systemd", "launchd", "windows")},
}


@pytest.fixture
def shop(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Somebody in novelty with a past, somebody a year on, somebody without a sale."""
    monkeypatch.setenv("FOLLOWUP_TODAY", MONDAY)
    for args in (
        ("add", "Anna Meyer", "--company", "Meyer GmbH", "--playbook", "saas", "--signed", MONDAY, "--tag", "pilot"),
        ("done", "1", "good", "glad", "--concern", "slow", "--promise", "a guide", "--by", "fri"),
        ("add", "Cara Diaz", "--playbook", "saas", "--signed", "2024-12-20", "--tier", "A", "--country", "US"),
        ("add", "Dan Eko"),
        ("add", "Eva Fox", "--playbook", "retail", "--signed", MONDAY),
    ):
        assert cli(*args).code == 0
    return cli


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_names_and_types(shop: Cli, args: tuple[str, ...]) -> None:
    name, shape = COMMANDS[args]
    answer = shop(*args, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith("}\n")
    assert answer.out.count("\n") == 1, "one object on one line"
    told = answer.json
    assert_fits(told, {"schema": (f"followup.{name}/1",), "today": day, **shape}, name)
    assert list(told)[:2] == ["schema", "today"]


def test_the_lists_are_not_empty(shop: Cli) -> None:
    """So that the shapes above have looked at something."""
    assert shop("due", "--json").json["items"]
    sale = shop("show", "anna-meyer", "--json").json["sales"][0]
    for name in ("touchpoints", "activities", "concerns", "promises"):
        assert sale[name], name
    draft = shop("message", "3", "--set", "product=x", "--set", "first_task=y", "--json").json
    for name in ("channel_reasons", "ask", "values"):
        assert draft[name], name
    assert shop("done", "2", "problem", "--concern", "x", "--json").json["changes"]
    assert shop("history", "anna-meyer", "--json").json["activities"]
    record = shop("file", "anna-meyer", "--json").json["sales"][0]
    for name in ("words", "concerns", "promises", "problems", "next"):
        assert record[name], name
    assert shop("calendar", "--json").json["items"]
    told = shop("remind", "--dry-run", "--json").json
    assert told["items"]
    assert told["would_send"]


def test_already_done_is_told_and_is_no_failure(shop: Cli) -> None:
    answer = shop("done", "1", "good", "--json")
    assert (answer.code, answer.json["already"], answer.json["activity"]) == (0, True, None)


def test_mood_of_a_preview_is_a_day_and_a_level_with_four_decimals(shop: Cli) -> None:
    told = shop("playbook", "preview", "saas", "--signed", MONDAY, "--effort", "0", "--json").json
    mood = told["mood"]
    assert [point[0] for point in mood] == list(range(len(mood)))
    assert len(mood) > 180, "from the start of use to maintenance"
    assert all(0 <= point[1] <= 1 for point in mood)
    assert any(len(str(point[1])) >= 6 for point in mood)
    assert (told["curve"]["dip_starts"], told["curve"]["trough"], told["curve"]["recovered"]) == (7, 28, 66)


def test_import_and_what_it_rejects(shop: Cli, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Name,Email,Signed,Colour\nEva,e@x.example,2026-01-05,red\nFay,nonsense,2026-01-05,\n", "utf-8")
    told = shop("import", table, "--playbook", "saas", "--skip-bad", tmp_path / "bad.csv", "--json").json
    assert_fits(told, {"schema": ("followup.import/1",), "today": day, **IMPORTED}, "import")
    assert (told["created"], told["unmapped"], told["rejected"][0]["line"]) == (1, ["Colour"], 3)


def test_an_import_taken_back(shop: Cli, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Name,Email\nFay,f@x.example\n", "utf-8")
    assert shop("import", table, "--json").code == 0
    assert_fits(shop("import", "--revert", "--json").json, {"schema": ("followup.written/1",), **WRITTEN}, "revert")


NUMBER_OR_NULL = or_null(number)
EXPORTED = {
    "sales": {"external_id": text, "value": NUMBER_OR_NULL, "extra": mapping(text)},
    "activities": {"external_id": text, "tags": [text]},
    "concerns": {"tags": [text]},
    "promises": {"tags": [text]},
    "readings": {"tags": [text]},
}


@pytest.mark.parametrize("kind", EXPORTED)
def test_what_was_heard_leaves_with_the_tags_of_the_customer(shop: Cli, kind: str) -> None:
    """C17: feedback can be sorted by customer group; sales and contacts keep the ids of other tools."""
    shop("reading", "add", "anna-meyer", "nps", "9")
    told = shop("export", kind, "--json").json
    assert_fits(told, {"schema": ("followup.export/1",), "kind": (kind,), "items": [EXPORTED[kind]]}, kind)
    mine = [item for item in told["items"] if item["customer_key"] == "anna-meyer"]
    assert mine
    if kind != "sales":
        assert all(item["tags"] == ["pilot"] for item in mine)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("show", "nobody"), 1),
        (("done", "999", "good"), 1),
        (("due", "--frob"), 2),
        (("import", "bad.csv"), 1),
        (("playbook", "preview", "bad.yaml", "--signed", MONDAY), 1),
    ],
    ids=lambda value: value if isinstance(value, int) else " ".join(value),
)
def test_failures(shop: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], code: int) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.csv").write_text("Name,Email\nEva,nonsense\n", "utf-8")
    Path("bad.yaml").write_text("playbook: bad\nstepz: []\n", "utf-8")
    answer = shop(*args, "--json")
    assert (answer.code, answer.err) == (code, "")
    assert_fits(answer.json, {"schema": ("followup.error/1",), **ERROR}, "error")
    assert bool(answer.json["problems"]) is (args[-1] == "bad.csv" or "bad.yaml" in args)


def test_a_check_that_finds_something_is_exit_1_with_the_same_shape(shop: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("playbook: bad\nstepz: []\n", "utf-8")
    answer = shop("playbook", "check", path, "--json")
    assert (answer.code, answer.err) == (1, "")
    assert_fits(answer.json, {"schema": ("followup.check/1",), "today": day, "problems": [PROBLEM]}, "check")
    assert answer.json["problems"]


def test_without_a_data_file_due_is_an_empty_list(cli: Cli) -> None:
    told = cli("due", "--json").json
    assert_fits(told, {"schema": ("followup.due/1",), "today": day, "items": [TOUCHPOINT]}, "due")
    assert told["items"] == []


def test_every_letter_survives(shop: Cli) -> None:
    shop("set", "dan", "name", "Žofia 👋 \u202e")
    assert "Žofia 👋 \u202e".strip() in {item["customer"] for item in shop("list", "--json").json["items"]}
    assert "\u202e" not in shop("list", "--json").out, "written as an escape, so that no terminal obeys it"
