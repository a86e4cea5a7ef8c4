"""Rows of tables of facts as values, and what is wrong with the others (E10)."""

from __future__ import annotations

import csv
import io
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.concern import Concern
from followup.core.model.promise import Promise
from followup.errors import BadFileError
from followup.files.customer_rows import RowProblem
from followup.files.fact_mapping import map_facts
from followup.files.fact_rows import (
    MISSED,
    NOTE,
    OPEN,
    UNANSWERED_SCORE,
    ActivityRow,
    ConcernRow,
    ContactRow,
    FactReader,
    FactRow,
    PromiseRow,
    ReadingRow,
)
from followup.files.fact_words import ACTIVITIES, CONCERNS, CONTACTS, FACT_KINDS, FIELDS, PROMISES, READINGS, field_of
from followup.files.tables import read_table

Told = dict[str, str] | None


def read(
    kind: str, text: str, told: Told = None, date_format: str | None = None
) -> tuple[list[FactRow], list[RowProblem]]:
    table = read_table(text.encode(), source_name="log.csv")
    reader = FactReader(table, map_facts(table, kind, told), date_format=date_format)
    good: list[FactRow] = []
    bad: list[RowProblem] = []
    for row in table.rows:
        found = reader.read(row)
        if isinstance(found, tuple):
            bad += found
        else:
            good.append(found)
    return good, bad


def contact(text: str, told: Told = None) -> ActivityRow:
    """The one activity in a table of another tool."""
    (row,), problems = read(ACTIVITIES, text, told)
    assert problems == []
    assert isinstance(row, ActivityRow)
    return row


# --------------------------------------------------------------------------------- headings of other tools

REAL = [
    (
        ACTIVITIES,
        (
            "Record ID,Call Title,Call notes,Call direction,Call outcome,Call duration,Call status,Activity date,"
            "Associated Contact,Associated Company"
        ),
        "9,Hi,ok,Outbound,Connected,00:12:30,COMPLETED,2026-07-01 10:20,Ann Lee (a@x.example),Acme",
        {
            "external_id": "Record ID",
            "subject": "Call Title",
            "note": "Call notes",
            "direction": "Call direction",
            "outcomes": "Call outcome",
            "duration": "Call duration",
            "status": "Call status",
            "on": "Activity date",
            "name": "Associated Contact",
            "company": "Associated Company",
        },
    ),
    (
        ACTIVITIES,
        (
            "Subject,Name,Company / Account,Date,Task Subtype,Status,Call Result,Call Duration (seconds),Call Type,"
            "Full Comments,Activity ID,Assigned"
        ),
        "Call,Ann Lee,Acme,2026-07-01,Call,Completed,Left voicemail,40,Outbound,x,00T1,me",
        {
            "subject": "Subject",
            "name": "Name",
            "company": "Company / Account",
            "on": "Date",
            "kind": "Task Subtype",
            "status": "Status",
            "outcomes": "Call Result",
            "seconds": "Call Duration (seconds)",
            "direction": "Call Type",
            "note": "Full Comments",
            "external_id": "Activity ID",
        },
    ),
    (
        ACTIVITIES,
        (
            "Activity - Subject;Activity - Type;Activity - Due date;Activity - Done;Activity - Contact person;"
            "Activity - Organization;Activity - Note;Activity - ID"
        ),
        "Hi;Call;2026-07-01;Done;Ann Lee;Acme;x;7",
        {
            "subject": "Activity - Subject",
            "kind": "Activity - Type",
            "on": "Activity - Due date",
            "status": "Activity - Done",
            "name": "Activity - Contact person",
            "company": "Activity - Organization",
            "note": "Activity - Note",
            "external_id": "Activity - ID",
        },
    ),
    (
        ACTIVITIES,
        (
            "Record Id,Subject,Call Type,Call Start Time,Call Duration (in seconds),Contact Name.id,Contact Name,"
            "Related To,Call Result,Description"
        ),
        "zcrm_1,Hi,Outbound,2026-07-01 10:00:00,75,zcrm_9,Ann Lee,Acme,Interested,x",
        {
            "external_id": "Record Id",
            "subject": "Subject",
            "direction": "Call Type",
            "on": "Call Start Time",
            "seconds": "Call Duration (in seconds)",
            "customer_id": "Contact Name.id",
            "name": "Contact Name",
            "related": "Related To",
            "note": "Description",
        },
    ),
    (
        ACTIVITIES,
        "Datum;Kunde;Aktivitätstyp;Ergebnis;Notizen;Dauer (Minuten);Richtung",
        "2026-07-01;Acme;Anruf;Nicht erreicht;x;3;ausgehend",
        {
            "on": "Datum",
            "customer": "Kunde",
            "kind": "Aktivitätstyp",
            "outcomes": "Ergebnis",
            "note": "Notizen",
            "minutes": "Dauer (Minuten)",
            "direction": "Richtung",
        },
    ),
    (
        ACTIVITIES,
        "Date de l'activité;Client;Type d'activité;Résultat;Commentaires",
        "2026-07-01;Acme;Appel;Message laissé;x",
        {
            "on": "Date de l'activité",
            "customer": "Client",
            "kind": "Type d'activité",
            "outcomes": "Résultat",
            "note": "Commentaires",
        },
    ),
    (
        ACTIVITIES,
        "Fecha;Cliente;Tipo de actividad;Resultado;Observaciones",
        "2026-07-01;Acme;Llamada;No contesta;x",
        {
            "on": "Fecha",
            "customer": "Cliente",
            "kind": "Tipo de actividad",
            "outcomes": "Resultado",
            "note": "Observaciones",
        },
    ),
    (
        READINGS,
        "Response ID,Score,Comment,Survey type,Submitted at,Email,Name",
        "r1,9,great,NPS,2026-07-01,a@x.example,Ann",
        {
            "value": "Score",
            "note": "Comment",
            "kind": "Survey type",
            "on": "Submitted at",
            "email": "Email",
            "name": "Name",
        },
    ),
    (
        READINGS,
        "E-Mail-Adresse;NPS;Kommentar;Eingegangen am",
        "a@x.example;9;gut;2026-07-01",
        {"email": "E-Mail-Adresse", "nps": "NPS", "note": "Kommentar", "on": "Eingegangen am"},
    ),
    (
        CONTACTS,
        "Company name,First Name,Last Name,Email,Phone Number,Job Title,Unsubscribed from all email",
        "Acme,Ann,Lee,a@x.example,+1 555 0100,CFO,false",
        {
            "company": "Company name",
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "Email",
            "phone": "Phone Number",
            "role": "Job Title",
            "do_not_contact": "Unsubscribed from all email",
        },
    ),
    (
        CONCERNS,
        "Company,Ticket name,Severity,Ticket category,Create date,Close date",
        "Acme,slow,high,quality,2026-07-01,",
        {
            "company": "Company",
            "text": "Ticket name",
            "severity": "Severity",
            "category": "Ticket category",
            "opened_on": "Create date",
            "resolved_on": "Close date",
        },
    ),
    (
        PROMISES,
        "Kunde;Zusage;Fällig am;Erledigt am",
        "Acme;Angebot;2026-07-01;",
        {"customer": "Kunde", "text": "Zusage", "by": "Fällig am", "done_on": "Erledigt am"},
    ),
]


@pytest.mark.parametrize(("kind", "headings", "cells", "mapping"), REAL, ids=lambda each: str(each)[:40])
def test_e10_headings_of_other_tools_are_understood_and_none_wrongly(
    kind: str, headings: str, cells: str, mapping: dict[str, str]
) -> None:
    table = read_table(f"{headings}\n{cells}\n".encode(), source_name="log.csv")
    assert map_facts(table, kind).named == mapping


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_a_field_is_a_heading_of_itself(kind: str) -> None:
    for name in FIELDS[kind]:
        found = field_of(kind, name)
        assert found is None or found[0] == name


@pytest.mark.parametrize(("kind", "text", "says", "hint"), [
    (ACTIVITIES, "Customer,Outcome\nAcme,ok\n", "no column that says on which day it was", "on = COLUMN"),
    (ACTIVITIES, "Date,Outcome\n2026-07-01,ok\n", "no column that says whose a row is", "customer_key = COLUMN"),
    (READINGS, "Customer,Score,Date\nAcme,9,2026-07-01\n", "on which scale 'Score' is", "nps = Score"),
    (READINGS, "Customer,Date\nAcme,2026-07-01\n", "no column that holds a score", "value = COLUMN"),
    (CONCERNS, "Customer,Date\nAcme,2026-07-01\n", "says what the concern is", "text = COLUMN"),
    (PROMISES, "Customer,Promise\nAcme,x\n", "says by when", "by = COLUMN"),
    (CONTACTS, "Company,Phone\nAcme,1234567\n", "names a person", "name = COLUMN"),
    (CONCERNS, "Customer,Text,Text,Date\nAcme,a,b,2026-07-01\n", "several columns are called 'Text'", "text = Text"),
    (ACTIVITIES, "Date,Customer\n01/02/2026,Acme\n", "may be 1 February or 2 January", "--date-format dmy"),
], ids=str)  # fmt: skip
def test_a_table_that_lacks_what_rows_need_is_refused(kind: str, text: str, says: str, hint: str) -> None:
    with pytest.raises(BadFileError) as caught:
        read(kind, text)
    assert says in caught.value.sentence
    assert hint in caught.value.hint


def test_a_heading_that_stands_twice_is_no_trouble_where_both_columns_count() -> None:
    table = read_table(b"Date,Date,Customer\n2026-07-01,2026-07-02,Acme\n", source_name="log.csv")
    assert map_facts(table, ACTIVITIES).columns["on"] == (0, 1)


def test_what_the_user_says_goes_before_any_guess() -> None:
    text = "Customer,Score,Date,Other\nAcme,9,2026-07-01,2026-07-02\n"
    (row,), _ = read(READINGS, text, {"nps": "Score", "on": "other"})
    assert isinstance(row, ReadingRow)
    assert (row.measured[0].kind, row.on) == ("nps", date(2026, 7, 2))
    with pytest.raises(BadFileError, match="no field 'npx'") as caught:
        read(READINGS, text, {"npx": "Score", "on": "Nowhere"})
    assert [problem.message for problem in caught.value.problems] == [
        "there is no field 'npx'",
        "there is no column 'Nowhere'",
    ]


# -------------------------------------------------------------------------------------- how it went


@pytest.mark.parametrize(("cells", "outcomes", "channel", "direction", "left_out"), [
    ("Call,Outbound,Completed,Connected", ("ok",), "phone", "outbound", ""),
    ("Call,Inbound,Completed,Answered", ("ok",), "phone", "inbound", ""),
    ("Call,Outbound,Completed,Left voicemail", ("left-message",), "phone", "outbound", ""),
    ("Call,Outbound,Completed,Busy", ("no-answer",), "phone", "outbound", ""),
    ("Call,Outbound,Completed,Wrong number", ("wrong-contact",), "phone", "outbound", ""),
    ("Call,Outbound,Completed,Do not call", ("stop",), "phone", "outbound", ""),
    ("Call,Outbound,NO_ANSWER,", ("no-answer",), "phone", "outbound", ""),
    ("Call,Outbound,Completed,", ("ok",), "phone", "outbound", ""),
    ('Call,Outbound,Completed,"good,idea"', ("good", "idea"), "phone", "outbound", ""),
    ("Call,Outbound,Scheduled,", (), "phone", "outbound", OPEN),
    ("Call,Outbound,Not started,Connected", (), "phone", "outbound", OPEN),
    ("Call,Inbound,Completed,No answer", (), "phone", "inbound", MISSED),
    ("Call,Missed,,", (), "phone", "inbound", MISSED),
    ("Meeting,,Completed,", ("ok",), "meeting", "outbound", ""),
    ("Meeting,,Completed,Canceled", (), "meeting", "outbound", OPEN),
    ("Meeting,,Completed,No show", ("no-answer",), "meeting", "outbound", ""),
    ("Zoom,,Held,", ("ok",), "video", "outbound", ""),
    ("E-Mail,Outgoing,Sent,", ("left-message",), "email", "outbound", ""),
    ("E-Mail,Incoming,,", ("ok",), "email", "inbound", ""),
    ("Email,Outgoing,Bounced,", (), "email", "outbound", OPEN),
    ("WhatsApp,Sent,,", ("left-message",), "message", "outbound", ""),
    ("Note,,,", (), "", "outbound", NOTE),
    ("Task,,Completed,", (), "", "outbound", NOTE),
    ("Task,,Completed,Completed", (), "", "outbound", NOTE),
    ("Task,,Completed,Connected", ("ok",), "", "outbound", ""),
], ids=str)  # fmt: skip
def test_how_it_went_is_told_by_result_state_and_kind(
    cells: str, outcomes: tuple[str, ...], channel: str, direction: str, left_out: str
) -> None:
    told = {"kind": "Type", "direction": "Direction", "status": "Status", "outcomes": "Outcome"}
    row = contact(f"Customer,Date,Type,Direction,Status,Outcome\nAcme,2026-07-01,{cells}\n", told)
    assert (row.activity.outcomes, row.left_out) == (outcomes, left_out)
    assert (row.activity.channel, row.activity.direction, row.activity.kind) == (channel, direction, "contacted")


@pytest.mark.parametrize(("cells", "column", "says"), [
    ("Call,,,", "", "nothing in this row says how the contact went"),
    ("Call,,,Interested", "Outcome", "does not say plainly whether somebody was reached"),
    ("Demo,,Completed,", "Type", "no kind of activity that is known here"),
    ("Call,sideways,Completed,Connected", "Direction", "neither inbound nor outbound"),
    ("Call,,Whatever,Connected", "Status", "no state that is known here"),
], ids=str)  # fmt: skip
def test_a_row_that_does_not_say_how_it_went_is_refused(cells: str, column: str, says: str) -> None:
    told = {"kind": "Type", "direction": "Direction", "status": "Status", "outcomes": "Outcome"}
    text = f"Customer,Date,Type,Direction,Status,Outcome\nAcme,2026-07-01,{cells}\n"
    good, problems = read(ACTIVITIES, text, told)
    assert good == []
    assert [(problem.line, problem.column) for problem in problems] == [(2, column)]
    assert says in problems[0].message
    assert problems[0].hint


def test_words_that_say_more_than_the_outcome_are_kept() -> None:
    text = "Customer,Date,Type,Status,Outcome,Subject,Notes\nAcme,2026-07-01,Call,Done,Interested,Hi,wants more\n"
    row = contact(text, {"outcomes": "Outcome"})
    assert (row.activity.note, row.activity.outcomes, row.assumed) == ("Hi: wants more (Interested)", ("ok",), "held")


def test_headings_alone_may_tell_the_kind_of_activity() -> None:
    call = contact("Customer,Call date,Call outcome,Call duration\nAcme,2026-07-01,Connected,0:03:00\n")
    mail = contact("Email subject,Email direction,Email date,Customer\nHi,EMAIL,2026-07-01,Acme\n")
    assert (call.activity.channel, call.activity.minutes) == ("phone", 3)
    assert (mail.activity.channel, mail.activity.outcomes, mail.assumed) == ("email", ("left-message",), "written")


@pytest.mark.parametrize(("heading", "cell", "minutes", "vague"), [
    ("Duration (minutes)", "12", 12, False),
    ("Duration (seconds)", "750", 12, False),
    ("Duration (seconds)", "20", 1, False),
    ("Duration", "00:12:30", 12, False),
    ("Duration", "750 sec", 12, False),
    ("Duration", "1 h 5 min", 65, False),
    ("Duration", "45m", 45, False),
    ("Duration", "12", None, True),
    ("Duration", "12:30", None, True),
    ("Duration (minutes)", "", None, False),
], ids=str)  # fmt: skip
def test_a_length_is_taken_where_its_unit_is_plain(heading: str, cell: str, minutes: int | None, vague: bool) -> None:
    row = contact(f"Customer,Date,Outcome,{heading}\nAcme,2026-07-01,ok,{cell}\n")
    assert (row.activity.minutes, row.has_vague_duration) == (minutes, vague)


def test_the_day_on_which_it_was_done_goes_before_the_day_it_was_due() -> None:
    told = "Customer,Due date,Completed on,Create date,Outcome\nAcme,2026-07-01,2026-07-03,2026-06-01,ok\n"
    assert contact(told).activity.on == date(2026, 7, 3)
    due = "Customer,Due date,Completed on,Outcome\nAcme,2026-07-01,,ok\n"
    assert contact(due).activity.on == date(2026, 7, 1)
    made = "Customer,Create date,Outcome\nAcme,2026-06-01,ok\n"
    assert contact(made).activity.on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("cell", "minute"),
    [("2026-07-01 09:30", 570), ("2026-07-01T14:05:00Z", 845), ("07/13/2026 2:05 PM", 845), ("2026-07-01", 0)],
)
def test_the_time_of_day_orders_what_happened_on_one_day(cell: str, minute: int) -> None:
    assert contact(f"Customer,Date,Outcome\nAcme,{cell},ok\n").at == minute


def test_several_people_in_a_cell() -> None:
    row = contact("Associated Contact,Date,Outcome\nAnn Lee (a@x.example); Bo Li <b@x.example>,2026-07-01,ok\n")
    assert row.whose.names == ("Ann Lee", "Bo Li")
    assert row.whose.emails == ("a@x.example", "b@x.example")


# ------------------------------------------------------------------------------------------ readings


def measured(text: str, told: Told = None) -> list[tuple[str, str]]:
    rows, problems = read(READINGS, text, told)
    assert problems == []
    return [(one.kind, one.value) for row in rows if isinstance(row, ReadingRow) for one in row.measured]


def test_e7_the_scale_is_said_by_the_heading_the_survey_or_the_group() -> None:
    assert measured("Customer,NPS,CSAT,Date\nAcme,9,4,2026-07-01\n") == [("nps", "9"), ("csat", "4")]
    assert measured("Customer,Survey,Rating,Date\nAcme,Q3 NPS survey,9,2026-07-01\n") == [("nps", "9")]
    assert measured("Customer,Score,NPS Category,Date\nAcme,3,Detractor,2026-07-01\n") == [("nps", "3")]


@pytest.mark.parametrize(
    ("heading", "cell", "value"),
    [
        ("NPS", "8", "8"),
        ("NPS", "8.0", "8"),
        ("NPS", "9/10", "9"),
        ("CSAT", "4 out of 5", "4"),
        ("Usage", "Declining", "down"),
        ("Nutzung", "gleichbleibend", "steady"),
        ("Understood", "ja", "yes"),
    ],
)
def test_scores_and_words(heading: str, cell: str, value: str) -> None:
    ((_, found),) = measured(f"Customer,{heading},Date\nAcme,{cell},2026-07-01\n")
    assert found == value


@pytest.mark.parametrize("cell", ['"8,5"', "8.5", "9/5", "great", "-1"])
def test_a_half_score_is_none(cell: str) -> None:
    good, problems = read(READINGS, f"Customer,NPS,Date\nBeta,7,2026-07-01\nAcme,{cell},2026-07-01\n")
    assert len(good) == 1
    assert [(problem.line, problem.column) for problem in problems] == [(3, "NPS")]


def test_a_survey_that_was_not_answered_is_left_out() -> None:
    rows, problems = read(READINGS, "Customer,NPS,Date\nAcme,,\nBeta,9,2026-07-01\n")
    assert [row.left_out for row in rows] == [UNANSWERED_SCORE, ""]
    assert problems == []


# ------------------------------------------------------------------------------- people, doubts, promises


def test_a_person_of_a_customer() -> None:
    (row,), problems = read(
        CONTACTS,
        "Company,First Name,Last Name,Email,Title,Do Not Contact,Primary\nAcme,Ann,Lee,a@x.example,Champion,yes,true\n",
    )
    assert problems == []
    assert isinstance(row, ContactRow)
    assert row.whose.companies == ("Acme",)
    assert (row.contact.name, row.contact.role, row.contact.do_not_contact, row.contact.is_main) == (
        *("Ann Lee", "champion"),
        *(True, True),
    )


def test_a_doubt_and_a_promise() -> None:
    (concern,), _ = read(CONCERNS, "Customer,Text,Severity,Category,Opened on\nAcme,dear,Hoch,Preis,2026-07-01\n")
    (promise,), _ = read(PROMISES, "Customer,Text,By,Done on\nAcme,offer,2026-07-05,2026-07-04\n")
    assert isinstance(concern, ConcernRow)
    assert isinstance(promise, PromiseRow)
    assert concern.concern == Concern(
        number=0, text="dear", severity="major", category="price", opened_on=date(2026, 7, 1)
    )
    assert promise.promise == Promise(number=0, text="offer", by=date(2026, 7, 5), done_on=date(2026, 7, 4))


def test_a_doubt_cannot_be_resolved_before_it_was_opened() -> None:
    _, problems = read(CONCERNS, "Customer,Text,Opened on,Resolved on\nAcme,dear,2026-07-02,2026-07-01\n")
    assert [problem.column for problem in problems] == ["Resolved on"]


# ----------------------------------------------------------------------------------------- own tables

OWN = (
    "id,customer,customer_key,sale,kind,on,direction,channel,outcomes,note,score,minutes,step,occurrence,purpose,stage,"
    "due_on,opens_on,closes_on,to_on,to_time,milestone,external_id,tags\n"
)


def test_a_row_of_our_own_is_read_as_it_was_recorded() -> None:
    (row,), problems = read(
        ACTIVITIES,
        OWN + '7,Anna,anna,3,snoozed,2026-01-05,outbound,email,,"  kept ",,,welcome,2,welcome,novelty,'
        "2026-01-06,2026-01-05,2026-01-08,2026-01-09,14:30,,x9,vip\n",
    )
    assert problems == []
    assert isinstance(row, ActivityRow)
    told = row.activity
    assert (row.is_own, row.whose.key, row.whose.sale) == (True, "anna", 3)
    assert (told.kind, told.note, told.step, told.occurrence, told.stage) == (
        *("snoozed", "  kept ", "welcome"),
        *(2, "novelty"),
    )
    assert (told.to_on, told.to_time, told.external_id) == (date(2026, 1, 9), time(14, 30), "x9")


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(CELLS, CELLS)
def test_whatever_stands_in_its_cells_a_row_is_a_fact_or_has_problems(one: str, other: str) -> None:
    """Problems carry the line."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Customer", "Date", "Outcome", "Duration"], [f"x{one}", "2026-07-01", other, one]])
    table = read_table(text.getvalue().encode(), source_name="log.csv", encoding="utf-8")
    reader = FactReader(table, map_facts(table, ACTIVITIES, {"outcomes": "Outcome"}), date_format=None)
    for row in table.rows:
        found = reader.read(row)
        assert isinstance(found, ActivityRow) or (found and all(problem.line == row.line for problem in found))
