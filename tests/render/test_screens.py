"""Every kind of result on every kind of screen: it is shown, it fits, and hostile text stays text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pyte
import pytest
from wcwidth import wcswidth

from followup.actions import results as r
from followup.render import render_greeting
from followup.render.words import change_parts

Show = Callable[..., Any]
Filled = Callable[[type[Any], str], Any]

OWN_SGR = re.compile(r"\x1b\[[\d;]*m")
WIDTHS = (20, 25, 31, 32, 40, 59, 60, 61, 75, 80, 100, 120, 140, 200)
HOSTILE = {
    "markup": "Acme [red]Ltd[/b] [/] :smile: [link=x]y",
    "clear the screen": "Acme\x1b[2J\x1b[1;1HMallory",
    "title ended by BEL": "\x1b]0;pwn\x07Acme",
    "title never ended": "Acme\x1b]0;pwn",
    "clipboard": "Acme\x1b]52;c;cHdu\x1b\\",
    "hyperlink": "\x1b]8;;http://evil.example\x1b\\Acme\x1b]8;;\x1b\\",
    "C1 controls": "Acme\x9b31m\x9d0;pwn\x9c\x90q\x9c\x85",
    "backwards": "Acme\u202egnp.exe\u2066\u2069\u200f",
    "several lines": "Acme\nOverdue\r\n  99  today\rMallory\x0b\x0c",
    "tabs and nulls": "Acme\tx\x00\x08\x08\x08\x7f",
    "separators": "Acme\u2028two\u2029three",
    "invisible": "A\u200bc\u200cm\u200de\ufeff\u00ad",
    "lone surrogate": "Acme\ud800\udfff",
    "very long": "A" * 700,
    "very long words": "customer relationship " * 60,
    "wide": "株式会社さくら東京支店" * 6,
    "emoji": "\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \u2764\ufe0f " * 8,
    "accents": "A" + "\u0301" * 80 + "cme",
    "right to left": "שלום עולם مرحبا",
    "empty": "",
}


@pytest.mark.parametrize("kind", ["terminal", "pipe"])
def test_every_kind_of_result_has_a_screen(result_kind: type[r.Result], filled: Filled, show: Show, kind: str) -> None:
    assert "Acme" in show(filled(result_kind, "Acme"), kind=kind).text


def test_every_kind_of_result_has_a_sample(samples: Mapping[str, r.Result], result_kind: type[r.Result]) -> None:
    assert result_kind in {type(sample) for sample in samples.values()}


def test_hostile_text_on_a_terminal_is_only_text(result_kind: type[r.Result], filled: Filled, show: Show) -> None:
    for name, text in HOSTILE.items():
        raw = show(filled(result_kind, text), 100, color="auto").text
        bare = OWN_SGR.sub("", raw)
        assert "\x1b" not in bare, name
        assert bare.replace("\n", "").replace("\u200d", "").isprintable(), name
        screen = pyte.Screen(400, raw.count("\n") + 1)
        pyte.Stream(screen).feed(raw.replace("\n", "\r\n"))
        assert (screen.title, screen.icon_name) == ("", ""), name
        assert (screen.cursor.x, screen.cursor.y) == (0, raw.count("\n")), name


def test_hostile_text_in_a_pipe_adds_no_line_no_field_and_no_escape(
    result_kind: type[r.Result], filled: Filled, show: Show
) -> None:
    calm = [line.count("\t") for line in show(filled(result_kind, "Acme"), kind="pipe").lines]
    for name, text in HOSTILE.items():
        shown = show(filled(result_kind, text), kind="pipe")
        if text:
            assert [line.count("\t") for line in shown.lines] == calm, name
        assert re.sub(r"[\n\t\u200d]", "", shown.text).isprintable(), name


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_all_rows_of_the_due_list_are_on_the_screen(
    filled: Filled, show: Show, make_touchpoint: Callable[..., Any], text: str
) -> None:
    names = ("Alice and Sons", "Carla and Daughters")
    items = (
        make_touchpoint(id=1, customer=names[0]),
        make_touchpoint(id=2, customer=text, contact=text, reach=text, why_now=text, last_words=text, gives=text),
        make_touchpoint(id=3, customer=names[1]),
    )
    raw = show(r.DueList(today=filled(r.DueList, "").today, items=items), 120, color="auto").text
    screen = pyte.Screen(400, 60)
    pyte.Stream(screen).feed(raw.replace("\n", "\r\n"))
    assert all(any(name in row for row in screen.display) for name in names)
    assert sum(bool(re.match(r" +[123]  ", row)) for row in screen.display) == 3


@pytest.mark.parametrize(
    ("encoding", "widths"), [("utf-8", (20, 32, 40, 59, 60, 80, 140)), ("cp1252", (60,)), ("ascii", (40, 80))]
)
def test_hostile_text_makes_no_line_wider_than_the_screen(
    result_kind: type[r.Result], filled: Filled, show: Show, encoding: str, widths: tuple[int, ...]
) -> None:
    for name, text in HOSTILE.items():
        result = filled(result_kind, text)
        for width in widths:
            for line in show(result, width, encoding=encoding).raw.decode(encoding).split("\n"):
                assert 0 <= wcswidth(line) <= width, (name, width, line)


@pytest.mark.parametrize("width", WIDTHS)
def test_samples_fit_every_screen(samples: Mapping[str, r.Result], sample_name: str, show: Show, width: int) -> None:
    assert max(wcswidth(line) for line in show(samples[sample_name], width).lines) <= width


def test_a_pipe_is_never_cut_whatever_columns_says(
    samples: Mapping[str, r.Result], sample_name: str, show: Show
) -> None:
    wide, narrow = (show(samples[sample_name], width, kind="pipe").text for width in (200, 20))
    assert wide == narrow
    assert "…" not in wide
    assert "\x1b" not in wide


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "customer",
            [
                "Acme Tooling",
                "acme · Acme Tooling Ltd · company · tier A · heavy use · DE-BE",
                "Jane Doe",
                "learning, day 16 of 59",
                "mood (est.) 52 ↓ decaying (model 58, evidence 48, measured 2026-03-09)",
                "relationship strength 64",
                "understood yes, 2026-03-08",
                "renewal 2027-02-16 (assumed)",
                "Their goal: the monthly report in one day",
                "set by hand",
                "the export takes too long",
                "send the export guide  1 day late",
                "loves the reports",
                "milestone live",
                "is deepest on day 28 (Wed 2026-03-18) at about 50",
            ],
        ),
        (
            "list",
            ["Nordwind Logistik GmbH", "learning 22/59", "38 ↓", "2026-03-07", "2026-03-11", "5 customers"],
        ),
        (
            "why",
            [
                "12 Acme Tooling, Jane Doe",
                "Tue 2026-03-10 (2 days late)",
                "Written for 14 days after the start of use. (written: when live+14)",
                "(dip_watch: gmax 10, day 16.5)",
                "risk 18.2, purpose 20, late 4.43",
                "52 ↓ of 100: the model says 58, what was recorded says 48",
                "prevention 1.5, education 1.5, feedback 1",
                "About them: sails on weekends",
                "understood no, 2026-03-08",
                "A contact before it moves the next dip watch.",
                "is a preset, not measured",
            ],
        ),
        (
            "recorded",
            [
                "Recorded for Acme Tooling on Thu 2026-03-12: good.",
                "Next: Tue 2026-03-10, prevention by phone with Jane Doe (ID 12)",
                "dip_call moved from Sat 2026-03-14 to Tue 2026-03-17: public holiday",
                "watch #2 added on Sat 2026-03-21: concern open",
                "introduction dropped, it was due on Wed 2026-04-01: open problem",
            ],
        ),
        ("written", ["Acme Tooling (acme) is in, with Jane Doe.", "Dry run: nothing was changed."]),
        ("planned", ["31 plans brought up to date, 402 touchpoints; 3 dates changed."]),
        (
            "imported",
            [
                "customers.csv: 103 rows; customers: 88 new, 3 updated, 9 unchanged, 3 skipped",
                "60 sales followed up",
                "5 fields changed",
                "Okonkwo Ltd  phone        030 1  030 2",
                "Zoë Blum     external id  -      C-7",
                "and 3 more",
                "3 rows not taken",
                "12  Sale date  31.02.2026  there is no such day",
                "rejects.csv",
            ],
        ),
        (
            "import_preview",
            [
                "customers.csv: 103 rows of customers. Read as cp1252, separated by semicolon.",
                "Field         Column         Line 2",
                "email         E-mail         info@okonkwo.example  info@blauw.example",
                "next contact  Wiedervorlage",
                "Kept as they are: Region, Fax",
                "3 rows cannot be taken.",
            ],
        ),
        (
            "preview",
            [
                "Software subscription · playbook saas",
                "4 touchpoints",
                "dip_call",
                "Tue 2026-03-10",
                "no date yet",
                "pulse: the feedback factor does not call for the extra one",
            ],
        ),
        ("playbooks", ["saas", "Software subscription", "moderate", "22", "shipped"]),
        (
            "playbook",
            ["live+7, trough live+28", "dip_call", "live+180, every 180d", "-7 +14", "one real job done"],
        ),
        (
            "checked",
            [
                "mine.yaml:12:5: unknown key `chanel` - write `channel`",
                "mine.yaml:20:5: warning: one placeholder only",
                "mine.yaml: 1 error and 1 warning, refused",
            ],
        ),
        ("history", ["2026-03-12 08:05", "done 12", "undone", "contacted (prevention)"]),
        ("concerns", ["the export takes too long", "major", "Acme Tooling", "open"]),
        (
            "promises",
            [
                "send the export guide",
                "broken, 1 day late",
                "done, planned: tell them",
                "kept late, told 2026-02-13",
                "4 of 6 promises kept in time",
            ],
        ),
        (
            "stages",
            [
                "Acme Tooling, Reporting Suite, saas (sale 3)",
                "learning, day 16 of 59, since Wed 2026-02-25",
                "then effectiveness from Sat 2026-04-25",
                "stuck: learning was extended 3 times",
                "- by hand: followup stage acme",
                "Acme Tooling, retail (sale 4)",
            ],
        ),
        ("next", ["call Jane Doe today", "About them: sails on weekends", "Type: followup done 12 OUTCOME"]),
        ("config", ["me.name", "Sam", "/home/sam/config.toml"]),
    ],
)
def test_what_each_screen_says(samples: Mapping[str, r.Result], show: Show, name: str, expected: list[str]) -> None:
    said = show(samples[name], 140).text
    assert [text for text in expected if text not in said] == []


def test_notes_are_shown_whole_on_a_narrow_screen(samples: Mapping[str, r.Result], show: Show) -> None:
    for width in (40, 60, 80):
        said = re.sub(r"\s+", " ", show(samples["customer"], width).text)
        assert all(word in said for word in ("wants", "monthly report", "one day"))
        assert "…" not in said


def test_somebody_who_must_not_be_contacted_is_marked(filled: Filled, show: Show) -> None:
    assert "Do not contact" in show(filled(r.CustomerPage, "Acme")).text


def test_recording_twice_says_so(samples: Mapping[str, r.Recorded], show: Show) -> None:
    import dataclasses

    again = dataclasses.replace(samples["recorded"], already=True, said=(), changes=(), next=())
    assert show(again).text == "Already done: Acme Tooling. Nothing was changed.\n"


def test_a_clean_playbook_has_nothing_to_mend(samples: Mapping[str, r.Checked], show: Show) -> None:
    import dataclasses

    clean = dataclasses.replace(samples["checked"], problems=())
    assert show(clean).text == "mine.yaml: nothing to mend\n"
    warned = dataclasses.replace(samples["checked"], problems=samples["checked"].problems[1:])
    assert "1 warning, can be used" in show(warned).text
    assert "1 warning, refused" in show(dataclasses.replace(warned, strict=True)).text


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_newcomer_is_greeted_with_the_three_ways_to_begin(show: Show, width: int) -> None:
    shown = show(render_greeting, width)
    said = re.sub(r"\s+", " ", shown.text)
    for command in ("followup import FILE", "followup add NAME", "followup demo"):
        assert command in said
    assert max(map(len, shown.lines)) <= width
    assert "whom to contact today after a sale" in said


def test_a_greeting_fits_a_usual_terminal(show: Show) -> None:
    assert len(show(render_greeting, 80).lines) == 7


def test_rich_is_not_loaded_for_a_pipe_or_json() -> None:
    import subprocess
    import sys

    code = """
import io, sys, datetime
from followup.actions.results import DueList
from followup.render import make_screen, render, render_error, to_json
from followup.errors import FollowupError
result = DueList(today=datetime.date(2026, 3, 12), items=())
render(result, make_screen(io.StringIO(), isatty=False))
to_json(result)
render_error(FollowupError("no"), io.StringIO())
sys.exit(any(name.split(".")[0] in ("rich", "plotext", "wcwidth") for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("held", "dip_call waits, it was due on Mon 2026-03-16: a problem is open"),
        ("absorbed", "dip_call folded into another, it was due on Mon 2026-03-16: a problem is open"),
        ("expired", "dip_call expired, it was due on Mon 2026-03-16: a problem is open"),
        (None, "dip_call dropped, it was due on Mon 2026-03-16: a problem is open"),
    ],
)
def test_what_is_dropped_from_the_list_says_what_became_of_it(status: str | None, words: str) -> None:
    change = r.Change(
        step="dip_call",
        occurrence=1,
        change="dropped",
        from_on=date(2026, 3, 16),
        to_on=None,
        reason="a problem is open",
        status=status,
    )
    assert "".join(part if isinstance(part, str) else part.text for part in change_parts(change)) == words
