"""`remind`: one digest a day for each target, never twice, never lost, and silent when there is nothing to say."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from followup.errors import DeliveryUnknownError, FollowupError, NotDeliveredError

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk, Program

FRIDAY = "2026-02-20"
SATURDAY = "2026-02-21"
THURSDAY = "2026-02-19"
YEAR_AHEAD = "2027-02-20"
FORMATS = ("text", "markdown", "html", "json", "ics")
ME = "me@example.com"
OTHER = "boss@example.com"
HOOK_URL = "json://user:s3cret@hooks.example.com/token-4711"


def people(desk: Desk) -> None:
    """Anna, who said something, with three touchpoints due; Bo, who is due as well."""
    desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example"),
        *("--phone", "+49 30 1234567", "--playbook", "saas", "--signed", "2026-01-05"),
    )
    desk.does("add", "Bo Ltd", "--phone", "030 99", "--playbook", "saas", "--signed", "2026-02-16")
    desk.does("log", "anna-meyer", "ok", "asks about exports", today="2026-01-20")
    desk.does("set", "anna-meyer", "notes", "call after ten")


@pytest.fixture
def crowd(built: Callable[[str, Build], Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two customers on a Friday on which both are due."""
    desk = built("people to be reminded of", people)
    monkeypatch.setenv("FOLLOWUP_TODAY", FRIDAY)
    desk.does("plan")
    return desk


@dataclass
class Post:
    """Takes mails and notifications instead of the network; `fails` says how the next ones end, by recipient."""

    mails: list[EmailMessage] = field(default_factory=list)
    notes: list[tuple[str, str, str, bool]] = field(default_factory=list)
    fails: dict[str, FollowupError | BaseException] = field(default_factory=dict)

    def send_mail(self, message: EmailMessage, server: Any, *, password: str | None, timeout: float = 30.0) -> None:
        if (failure := self.fails.get(str(message["To"]))) is not None:
            raise failure
        self.mails.append(message)

    def notify(self, url: str, *, title: str, body: str, html: bool = False, environment: Any = None) -> None:
        if (failure := self.fails.get(url)) is not None:
            raise failure
        self.notes.append((url, title, body, html))

    def body(self, kind: str = "plain") -> str:
        """The text of the newest mail."""
        part = self.mails[-1].get_body((kind,))
        assert part is not None
        text: str = part.get_content()
        return text


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    taken = Post()
    monkeypatch.setattr("followup.delivery.smtp.send_mail", taken.send_mail)
    monkeypatch.setattr("followup.delivery.services.notify", taken.notify)
    return taken


@pytest.fixture
def mail(crowd: Desk, post: Post) -> Desk:
    """A desk whose mail goes to one person."""
    crowd.cli.config.write_text(f'[smtp]\nhost = "localhost"\nfrom = "{ME}"\nto = ["{ME}"]\n', encoding="utf-8")
    return crowd


def touchpoints(desk: Desk, today: str = FRIDAY) -> set[int]:
    """The numbers of everything that is due."""
    return {item["id"] for item in desk.json("due", "--all", today=today)["items"]}


def sent(result: Any) -> set[tuple[str, int]]:
    return {(each["target"], each["id"]) for each in result["sent"]}


def ledger(desk: Desk) -> list[tuple[str, str, str]]:
    """Target, day and state of every row."""
    return sorted({(row[0], row[1], row[5]) for row in rows(desk)})


def rows(desk: Desk) -> list[tuple[Any, ...]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(desk.cli.db)) as connection:
        return connection.execute("SELECT * FROM delivery ORDER BY target, day, step, occurrence").fetchall()


# -------------------------------------------------------------------------------------------- once a day


def test_the_digest_brings_everything_due_with_its_context(crowd: Desk) -> None:
    """Ask 14: why now, their last words, what to give, what to ask, how to reach them, what to type."""
    text = crowd.does("remind")
    first = crowd.json("due")["items"][0]

    assert text.startswith("followup, Friday 20 February 2026\n2 customers to contact")
    for words in ("Anna Meyer, Meyer GmbH", "asks about exports", "+49 30 1234567", "anna@meyer.example"):
        assert words in text
    assert "About them: call after ten" in text
    assert "Bo Ltd" in text
    assert f'followup done {first["id"]} good "what was said"' in text
    flat = " ".join(text.split())
    for wanted in (first["gives"], first["goal"], *first["ask"]):
        assert " ".join(wanted.split()) in flat
    assert all(len(line) <= 72 for line in text.splitlines())


def test_one_entry_for_each_customer_names_all_that_is_due(crowd: Desk) -> None:
    text = crowd.does("remind")

    assert text.count("Anna Meyer, Meyer GmbH") == 1
    for number in touchpoints(crowd):
        assert f"({number})" in text or f"done {number} " in text


@pytest.mark.parametrize("format_", FORMATS)
def test_a_second_run_on_the_same_day_says_nothing(crowd: Desk, format_: str) -> None:
    assert crowd.does("remind", "--format", format_)
    assert crowd.does("remind", "--format", format_) == ""


def test_the_next_day_everything_comes_again(crowd: Desk) -> None:
    first = crowd.json("remind")
    again = crowd.json("remind", today=SATURDAY)

    assert sent(first) == {("stdout", number) for number in touchpoints(crowd)}
    assert sent(first) <= sent(again)


def test_a_missed_day_comes_with_the_next(crowd: Desk) -> None:
    """Ask 12: overdue comes by itself."""
    assert {each["id"] for each in crowd.json("remind", today="2026-02-24")["sent"]} == touchpoints(crowd, "2026-02-24")


def test_only_what_is_new_comes_on_the_same_day(crowd: Desk) -> None:
    crowd.does("remind")
    crowd.does("promise", "add", "bo-ltd", "send the price list", "--by", FRIDAY)

    result = crowd.json("remind")

    assert [(item["customer_key"], item["step"]) for item in result["items"]] == [("bo-ltd", "promise")]
    assert len(result["sent"]) == 1


def test_what_was_done_meanwhile_does_not_come(crowd: Desk) -> None:
    for number in sorted(touchpoints(crowd)):
        crowd("done", str(number), "good")
    left = touchpoints(crowd)

    assert {each["id"] for each in crowd.json("remind")["sent"]} == left


@pytest.mark.parametrize(
    "days",
    [
        pytest.param((FRIDAY, THURSDAY, FRIDAY), id="a day back, and right again"),
        pytest.param((FRIDAY, YEAR_AHEAD, FRIDAY), id="a year ahead, and right again"),
        pytest.param((FRIDAY, "2026-02-18", FRIDAY), id="two days back"),
    ],
)
def test_a_clock_that_jumps_brings_nothing_twice(crowd: Desk, days: tuple[str, str, str]) -> None:
    """Bar 24."""
    first, jumped, back = (crowd.json("remind", today=day)["sent"] for day in days)

    assert first
    assert bool(jumped) is (days[1] == YEAR_AHEAD)
    assert not {each["id"] for each in first} & {each["id"] for each in back}
    if not jumped:
        assert back == []


def test_a_clock_that_ran_a_year_ahead_silences_nothing(crowd: Desk) -> None:
    crowd.does("remind", today=YEAR_AHEAD)

    assert sent(crowd.json("remind")) == {("stdout", number) for number in touchpoints(crowd)}


def test_force_brings_everything_again(crowd: Desk) -> None:
    first = crowd.does("remind")

    assert crowd.does("remind", "--force") == first


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("via", ["stdout", "email", "desktop", HOOK_URL], ids=["stdout", "email", "desktop", "url"])
def test_nothing_due_is_silent(mail: Desk, post: Post, via: str, format_: str) -> None:
    assert mail.does("remind", "--via", via, "--format", format_, today="2026-01-04") == ""
    assert (post.mails, post.notes, ledger(mail)) == ([], [], [])


def test_nothing_due_is_an_object_with_empty_lists(crowd: Desk) -> None:
    result = crowd.json("remind", today="2026-01-04")

    assert result["schema"] == "followup.remind/1"
    assert result["today"] == "2026-01-04"
    assert [result[name] for name in ("items", "sent", "unknown", "failed")] == [[], [], [], []]


def test_nothing_due_leaves_no_file_behind(desk: Desk) -> None:
    desk.does("add", "Ann Ash")
    before = desk.files().keys()
    desk.does("remind")

    assert desk.files().keys() == before


def test_plans_are_brought_up_to_date_first(anna: Desk) -> None:
    """A file that nobody opened for weeks reminds of what time has changed, as `due` shows it."""
    result = anna.json("remind", today=FRIDAY)

    assert {each["id"] for each in result["items"]} == touchpoints(anna)


def test_items_are_those_of_due_none_folded(crowd: Desk) -> None:
    """With one difference: what goes out asks no question with a hole in it (C4)."""
    result = crowd.json("remind", "--dry-run")
    due = {item["id"]: item | {"ask": None} for item in crowd.json("due", "--all")["items"]}

    assert {item["id"]: item | {"ask": None} for item in result["items"]} == due
    assert not [ask for item in result["items"] for ask in item["ask"] if "{" in ask]
    assert {tuple(each) for each in result["would_send"]} == {
        ("target", "day", "id", "customer_key", "step", "occurrence", "error")
    }


# ------------------------------------------------------------------------------------------ who is left alone


@pytest.mark.parametrize("format_", FORMATS)
def test_whoever_must_be_left_alone_is_never_in_it(crowd: Desk, format_: str) -> None:
    """Bar 15."""
    crowd.does("dnc", "anna-meyer")
    text = crowd.does("remind", "--format", format_)

    assert "Bo Ltd" in text
    for words in ("Anna", "Meyer", "anna-meyer", "1234567", "exports", "call after ten"):
        assert words not in text


def test_whoever_is_left_alone_meanwhile_is_in_no_doubt(mail: Desk, post: Post) -> None:
    post.fails[ME] = DeliveryUnknownError("the line broke")
    mail("remind", "--via", "email")
    mail.does("dnc", "anna-meyer")

    answer = mail("remind", "--via", "email", "--json")

    assert "anna" not in answer.out + answer.err
    assert {each["customer_key"] for each in answer.json["unknown"]} == {"bo-ltd"}


# ------------------------------------------------------------------------------------------------- mail


def test_a_mail_is_text_and_html(mail: Desk, post: Post) -> None:
    assert mail.does("remind", "--via", "email") == ""

    (message,) = post.mails
    assert message["To"] == ME
    assert str(message["Subject"]).startswith("followup Fri 20 Feb: 2 customers to contact")
    assert "Anna" not in str(message["Subject"]), "a lock screen shows subjects"
    assert "Anna Meyer, Meyer GmbH" in post.body()
    assert "Anna Meyer, Meyer GmbH" in post.body("html")
    assert mail.does("remind", "--via", "email") == ""
    assert len(post.mails) == 1


@pytest.mark.parametrize("chosen", ["option", "setting"])
@pytest.mark.parametrize(
    ("format_", "parts"),
    [
        ("text", ["text/plain"]),
        ("markdown", ["text/plain"]),
        ("json", ["text/plain"]),
        ("html", ["text/plain", "text/html"]),
        ("ics", ["text/plain", "text/calendar"]),
    ],
)
def test_a_chosen_format_decides_what_the_mail_holds(
    mail: Desk, post: Post, chosen: str, format_: str, parts: list[str]
) -> None:
    if chosen == "setting":
        mail.does("config", "set", "remind.format", format_)
    mail.does("remind", "--via", "email", *(["--format", format_] if chosen == "option" else []))

    (message,) = post.mails
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == parts
    if format_ == "json":
        assert json.loads(post.body())["schema"] == "followup.remind/1"


def test_each_recipient_is_a_target(mail: Desk, post: Post) -> None:
    mail.does("config", "set", "smtp.to", f"{ME} {OTHER}")
    post.fails[OTHER] = NotDeliveredError("the mailbox is full")

    answer = mail("remind", "--via", "email", "--json")

    assert answer.code == 75
    assert {each["target"] for each in answer.json["sent"]} == {f"email:{ME}"}
    assert {(each["target"], each["error"]) for each in answer.json["failed"]} == {
        (f"email:{OTHER}", "the mailbox is full")
    }
    assert [row[:1] + row[2:] for row in ledger(mail)] == [(f"email:{ME}", "sent")]

    post.fails.clear()
    mail.does("remind", "--via", "email")
    assert [str(message["To"]) for message in post.mails] == [ME, OTHER]


def test_missing_settings_are_told_all_at_once(crowd: Desk) -> None:
    answer = crowd.refuses(
        "remind", "--via", "email", says="smtp.host, smtp.to, smtp.from", hint="config set smtp.host"
    )

    assert "followup config set smtp.to" in answer.err
    assert ledger(crowd) == []


def test_me_is_who_gets_the_mail_when_nobody_is_named(crowd: Desk, post: Post) -> None:
    crowd.does("config", "set", "smtp.host", "localhost")
    crowd.does("config", "set", "me.email", ME)
    crowd.does("remind", "--via", "email")

    assert [(message["To"], str(message["From"]).count(ME)) for message in post.mails] == [(ME, 1)]


def test_missing_settings_do_not_stop_another_target(crowd: Desk) -> None:
    answer = crowd("remind", "--via", "email", "--via", "stdout")

    assert answer.code == 1
    assert "Anna Meyer" in answer.out
    assert "smtp.host" in answer.err
    assert {row[0] for row in ledger(crowd)} == {"stdout"}


# ------------------------------------------------------------------------------------------ what goes wrong


def test_what_certainly_did_not_go_out_is_tried_again(mail: Desk, post: Post) -> None:
    post.fails[ME] = NotDeliveredError("the server does not answer", hint="try later")
    answer = mail("remind", "--via", "email")

    assert answer.code == 75
    assert f"Error: email:{ME}: the server does not answer" in answer.err
    assert ledger(mail) == []

    post.fails.clear()
    mail.does("remind", "--via", "email")
    assert len(post.mails) == 1


def test_what_is_refused_for_good_is_exit_1(mail: Desk, post: Post) -> None:
    post.fails[ME] = NotDeliveredError("the password is wrong", exit_code=1)

    assert mail("remind", "--via", "email").code == 1
    assert ledger(mail) == []


def test_what_may_have_arrived_is_shown_and_never_resent_that_day(mail: Desk, post: Post) -> None:
    """TRUST 0.3."""
    post.fails[ME] = DeliveryUnknownError("the line broke after the last dot")
    first = mail("remind", "--via", "email")
    post.fails.clear()
    again = mail("remind", "--via", "email", "--json")

    assert first.code == 75
    assert "the line broke after the last dot" in first.err
    assert f"may not have reached email:{ME}" in first.err
    assert "followup remind --via email --force" in first.err
    assert post.mails == []
    assert again.code == 75
    assert {each["id"] for each in again.json["unknown"]} == touchpoints(mail)
    assert "--force" in again.err

    assert mail("remind", "--via", "email", "--force").code == 0
    assert len(post.mails) == 1
    assert mail.json("remind", "--via", "email")["unknown"] == []


def test_the_next_day_settles_what_was_in_doubt(mail: Desk, post: Post) -> None:
    post.fails[ME] = DeliveryUnknownError("the line broke")
    mail("remind", "--via", "email")
    post.fails.clear()

    result = mail.json("remind", "--via", "email", today=SATURDAY)

    assert result["unknown"] == []
    assert {each["id"] for each in result["sent"]} >= touchpoints(mail)


def test_doubt_about_another_target_is_shown_and_no_failure(mail: Desk, post: Post) -> None:
    post.fails[ME] = DeliveryUnknownError("the line broke")
    mail("remind", "--via", "email")

    answer = mail("remind")

    assert (answer.code, answer.out[:9]) == (0, "followup,")
    assert f"email:{ME}" in answer.err


def test_whoever_dies_while_sending_leaves_a_doubt(mail: Desk, post: Post) -> None:
    post.fails[ME] = KeyboardInterrupt()
    assert mail("remind", "--via", "email").code == 130

    post.fails.clear()
    answer = mail("remind", "--via", "email", "--json")

    assert answer.code == 75
    assert {each["id"] for each in answer.json["unknown"]} == touchpoints(mail)
    assert post.mails == []


def test_a_digest_that_cannot_be_made_claims_nothing(mail: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise RuntimeError("a bug")

    monkeypatch.setattr("followup.render.digest.digest_text", broken)
    assert mail("remind").code == 70

    assert ledger(mail) == []


def test_what_cannot_be_noted_is_in_doubt(mail: Desk, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    from followup.errors import DataFileError
    from followup.store import Store

    def full(*_: Any) -> None:
        raise DataFileError("the disk is full")

    monkeypatch.setattr(Store, "mark_sent", full)
    answer = mail("remind", "--via", "email", "--json")

    assert answer.code == 75
    assert "it went out, but that could not be noted: the disk is full" in answer.err
    assert {each["id"] for each in answer.json["unknown"]} == touchpoints(mail)
    assert answer.json["sent"] == []
    assert len(post.mails) == 1


def test_a_file_that_cannot_be_written_sends_nothing(crowd: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("followup.store.location.is_writable", lambda _: False)

    crowd.refuses("remind", says="nobody could tell what was sent", hint="followup remind --dry-run", code=3)
    assert "Anna Meyer" in crowd("remind", "--dry-run").out


@pytest.mark.parametrize("via", ["emial", "", "ftp:/x", "anna@meyer.example"])
def test_a_word_that_is_no_way_out_is_refused(crowd: Desk, via: str) -> None:
    crowd.refuses("remind", "--via", via, says="is no way to remind", hint="--via email")


def test_an_unknown_format_is_refused(crowd: Desk) -> None:
    crowd.refuses("remind", "--format", "pdf", says="'pdf' is no format", hint="remind --help", code=2)


# ------------------------------------------------------------------------------------------- other targets


def test_a_service_is_known_by_a_digest_of_its_url(crowd: Desk, post: Post) -> None:
    """Bar 13: a URL may hold a password."""
    answer = crowd("remind", "--via", HOOK_URL, "--json")
    (name,) = {each["target"] for each in answer.json["sent"]}

    assert answer.code == 0
    assert name.startswith("json:")
    assert len(name) == len("json:") + 12
    assert [note[0] for note in post.notes] == [HOOK_URL]
    assert "s3cret" not in answer.out + answer.err + repr(rows(crowd))
    assert b"s3cret" not in b"".join(crowd.files().values())


def test_no_failure_shows_the_url(crowd: Desk, post: Post) -> None:
    post.fails[HOOK_URL] = DeliveryUnknownError("the service did not answer")
    answer = crowd("remind", "--via", HOOK_URL)

    assert answer.code == 75
    assert "s3cret" not in answer.err
    assert "token-4711" not in answer.err


def test_the_desktop_gets_a_few_lines(crowd: Desk, post: Post) -> None:
    crowd.does("remind", "--via", "desktop", "--format", "html")

    ((url, title, body, is_html),) = post.notes
    assert (url, is_html) == ("desktop", False)
    assert title.startswith("followup Fri 20 Feb: 2 customers")
    assert len(body.splitlines()) == 2
    assert "Anna Meyer" in body


def test_a_service_gets_lines_that_a_telephone_breaks(crowd: Desk, post: Post) -> None:
    crowd.does("remind", "--via", HOOK_URL)
    crowd.does("remind", "--via", HOOK_URL, "--force", "--format", "html")

    plain, page = post.notes
    assert max(map(len, plain[2].splitlines())) > 72
    assert [plain[3], page[3]] == [False, True]


def test_several_targets_each_get_it_once(mail: Desk, post: Post) -> None:
    several = ("--via", "stdout", "--via", "email", "--via", "desktop", "--via", "email")
    assert "Anna Meyer" in mail.does("remind", *several)
    assert mail.does("remind", *several) == ""

    assert (len(post.mails), len(post.notes)) == (1, 1)
    assert [row[0] for row in ledger(mail)] == ["desktop", f"email:{ME}", "stdout"]


def test_the_configuration_names_the_targets(mail: Desk, post: Post) -> None:
    mail.does("config", "set", "remind.via", "email desktop")

    assert mail.does("remind") == ""
    assert (len(post.mails), len(post.notes)) == (1, 1)


def test_json_on_standard_output_tells_about_all_targets(mail: Desk, post: Post) -> None:
    post.fails["desktop"] = NotDeliveredError("no desktop is there")
    answer = mail("remind", "--via", "stdout", "--via", "email", "--via", "desktop", "--json")

    assert answer.code == 75
    result = json.loads(answer.out)
    assert {each["target"] for each in result["sent"]} == {"stdout", f"email:{ME}"}
    assert {each["target"] for each in result["failed"]} == {"desktop"}
    assert {item["id"] for item in result["items"]} == touchpoints(mail)
    assert answer.out.count("\n") == 1


# ------------------------------------------------------------------------------------------------ standard output


def test_a_full_disk_behind_standard_output_releases_the_digest(program: Program, crowd: Desk) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = program("remind", stdout=full, env=program.environment(FOLLOWUP_TODAY=FRIDAY))

    assert run.code == 75
    assert b"stdout: it could not be written: No space left on device" in run.err
    assert b"Traceback" not in run.err
    assert b"Exception" not in run.err
    assert ledger(crowd) == []


def test_a_reader_that_is_gone_releases_the_digest_quietly(program: Program, crowd: Desk) -> None:
    """Bar 27: `| head -0` is no reason to complain, and no reason to lose the digest."""
    started = program.start(
        "remind", stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=program.environment(FOLLOWUP_TODAY=FRIDAY)
    )
    assert started.stdout is not None
    started.stdout.close()
    assert started.stderr is not None
    said = started.stderr.read()
    started.stderr.close()

    assert started.wait(timeout=60) == 141
    assert said == b""
    assert ledger(crowd) == []


def test_two_at_the_same_time_send_once(program: Program, crowd: Desk) -> None:
    """Bar 7, small."""
    environment = program.environment(FOLLOWUP_TODAY=FRIDAY)
    runs = [program.start("remind", stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _ in range(2)]
    said = [run.communicate(timeout=60) for run in runs]

    assert [run.returncode for run in runs] == [0, 0]
    assert [err for _, err in said] == [b"", b""]
    assert sum(out.count(b"Anna Meyer, Meyer GmbH") for out, _ in said) == 1
    assert {row[2] for row in ledger(crowd)} == {"sent"}


def test_the_hot_path_loads_nothing_heavy(program: Program, crowd: Desk) -> None:
    code = (
        "import sys; from followup.cli.main import main; code = main(['remind']); "
        "print(code, sorted({'rich', 'smtplib', 'icalendar', 'apprise', 'sqlite_utils'}"
        " & {name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=program.environment(FOLLOWUP_TODAY=FRIDAY),
    )

    assert "Anna Meyer" in run.stdout
    assert run.stderr == "0 []\n"


# ----------------------------------------------------------------------------------------------- dry run and test


def test_a_dry_run_shows_what_would_go_where_and_changes_nothing(mail: Desk, post: Post) -> None:
    before = (mail.facts(), rows(mail), mail.files().keys())
    shown = mail("remind", "--dry-run", "--via", "stdout", "--via", "email")

    assert shown.code == 0
    assert "Anna Meyer, Meyer GmbH" in shown.out
    assert f"Would send {len(touchpoints(mail))} touchpoints to email:{ME}." in shown.err
    assert (mail.facts(), rows(mail), mail.files().keys()) == before
    assert post.mails == []
    assert mail.does("remind") == shown.out


def test_a_dry_run_plans_nothing_for_good(anna: Desk) -> None:
    before = anna.rows("touchpoint")
    shown = anna("remind", "--dry-run", today=FRIDAY)

    assert "Anna Meyer" in shown.out
    assert anna.rows("touchpoint") == before
    assert anna("remind", today=FRIDAY).out == shown.out


def test_a_dry_run_knows_what_was_sent(mail: Desk) -> None:
    mail.does("remind")
    result = mail.json("remind", "--dry-run", "--via", "stdout", "--via", "email")

    assert {each["target"] for each in result["would_send"]} == {f"email:{ME}"}
    assert (result["sent"], result["dry_run"]) == ([], True)


def test_a_test_message_goes_past_the_ledger_and_names_nobody(mail: Desk, post: Post) -> None:
    said = mail.does("remind", "--via", "email", "--test")

    assert "A test message went to me@example.com: look into the inbox" in said
    assert "test" in str(post.mails[0]["Subject"])
    assert "Anna" not in post.body()
    assert ledger(mail) == []
    mail.does("remind", "--via", "email")
    assert len(post.mails) == 2


def test_a_test_needs_no_data_file(desk: Desk, post: Post) -> None:
    for name, value in {"smtp.host": "localhost", "me.email": ME}.items():
        desk.does("config", "set", name, value)

    assert ME in desk.does("remind", "--via", "email", "--test")
    assert not desk.cli.db.exists()


def test_a_test_tells_what_failed(mail: Desk, post: Post) -> None:
    post.fails[ME] = NotDeliveredError("the password is wrong", hint="followup config set smtp.user", exit_code=1)
    answer = mail("remind", "--via", "email", "--via", "desktop", "--test", "--json")

    assert answer.code == 1
    assert answer.json["tested"] == [
        {"target": f"email:{ME}", "sent": False, "error": "the password is wrong"},
        {"target": "desktop", "sent": True, "error": None},
    ]
    assert "the password is wrong" in answer.err


def test_without_a_data_file_it_says_how_to_begin(desk: Desk) -> None:
    answer = desk("remind")

    assert answer.code != 0
    assert "followup import FILE" in answer.err


# -------------------------------------------------------------------------------------------------- the password


def test_the_password_is_asked_for_once_and_only_when_it_is_needed(
    mail: Desk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def find_password(*, user: str, **_: Any) -> str:
        asked.append(user)
        return "s3cret"

    monkeypatch.setattr("followup.delivery.secrets.find_password", find_password)
    mail.does("remind", "--via", "email")
    assert asked == []
    mail.does("config", "set", "smtp.user", "ann")
    mail.does("config", "set", "smtp.to", f"{ME} {OTHER}")
    mail.does("remind", "--via", "email", today="2026-01-04")
    assert asked == []
    mail.does("remind", "--via", "email", "--force")

    assert asked == ["ann"]
    assert b"s3cret" not in b"".join(mail.files().values())


# ---------------------------------------------------------------------------------------------------- the hook


@pytest.fixture
def hook(crowd: Desk, tmp_path: Path) -> Path:
    """A command of the user's that keeps what it is told."""
    kept = tmp_path / "told.json"
    script = tmp_path / "hook.py"
    script.write_text("import pathlib, sys\npathlib.Path(sys.argv[1]).write_text(sys.stdin.read())\n", encoding="utf-8")
    crowd.does("config", "set", "hooks.on_due", f"{sys.executable} {script} {kept}")
    return kept


def test_the_hook_is_told_what_went_out(crowd: Desk, hook: Path) -> None:
    result = crowd.json("remind")

    assert json.loads(hook.read_text(encoding="utf-8")) == result


def test_the_hook_is_not_told_of_nothing(crowd: Desk, hook: Path) -> None:
    crowd.does("remind", today="2026-01-04")
    crowd("remind", "--dry-run")

    assert not hook.exists()


def test_a_hook_that_fails_takes_nothing_back(crowd: Desk) -> None:
    crowd.does("config", "set", "hooks.on_due", "/no/such/program")
    answer = crowd("remind")

    assert answer.code == 0
    assert "Anna Meyer" in answer.out
    assert answer.err.startswith("Note: ")
    assert {row[2] for row in ledger(crowd)} == {"sent"}


# ----------------------------------------------------------------------------------------------- capacity, hostile text


def test_beyond_the_capacity_one_line_each(crowd: Desk) -> None:
    crowd.does("config", "set", "contact.capacity", "1")
    text = crowd.does("remind")

    assert "Then, one line each:" in text
    assert text.count("Record: ") == 1
    full, brief = text.split("Then, one line each:")
    assert ("Anna Meyer" in full) is not ("Anna Meyer" in brief)
    assert ("Bo Ltd" in full) is not ("Bo Ltd" in brief)


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](https://evil.example)",
    "# heading\n## 9 Forged",
    "`code` **bold** | cell",
    "\x1b]0;title\x07\x1b[2J",
    "\u202egnp.exe",
    "a\r\nBcc: evil@example.com",
    "x\nBEGIN:VEVENT\nSUMMARY:forged",
    "x\r\n\r\n9   Forged\n    Record:     followup done 9 stop",
    "{name} {{7*7}} $HOME %s",
    "=cmd|' /C calc'!A0",
    "…" * 300,
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile_people(desk: Desk) -> None:
    """Everything that can be said about a customer is hostile."""
    for number, text in enumerate(HOSTILE):
        name = f"K{number} {text}"
        desk.does("add", name, "--company", text, "--playbook", "saas", "--signed", "2026-02-16", "--product", text)
    keys = {one["customer"].split()[0]: one["customer_key"] for one in desk.json("list")["items"]}
    for number, text in enumerate(HOSTILE):
        desk.does("log", keys[f"K{number}"], "ok", text, today="2026-02-17")
        desk.does("set", keys[f"K{number}"], "notes", text)


@pytest.fixture
def hostile(built: Callable[[str, Build], Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = built("hostile people to be reminded of", hostile_people)
    monkeypatch.setenv("FOLLOWUP_TODAY", FRIDAY)
    return desk


def test_hostile_text_is_words_in_every_format(hostile: Desk, post: Post) -> None:
    """Bar 26: nothing that a customer is called opens a tag, a heading, an entry or an escape sequence."""
    result = hostile.json("remind", "--dry-run")
    customers = {item["customer_key"] for item in result["items"]}
    assert len(customers) == len(HOSTILE)

    text, markdown, html, _, ics = (hostile("remind", "--force", "--format", one).out for one in FORMATS)
    for said in (text, markdown, html, ics):
        assert not set(said) & {"\x1b", "\x07", "\u202e", "\x00"}
    assert len([line for line in text.splitlines() if line.startswith("    Record: ")]) == min(12, len(HOSTILE))
    assert not [line for line in text.splitlines() if line.startswith(("9   Forged", "BEGIN:", "Bcc:"))]
    headings = [line for line in markdown.splitlines() if line.startswith("#")]
    assert len(headings) == 1 + min(12, len(HOSTILE)) + (len(HOSTILE) > 12)
    tags = Tags()
    tags.feed(html)
    assert {tag for tag, _ in tags.found} <= {
        *("html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "b", "ul", "li", "code", "a")
    }
    assert not [name for _, attributes in tags.found for name in attributes if name.startswith("on") or name == "src"]
    assert ics.split("\r\n").count("BEGIN:VEVENT") == len(result["items"])
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))


def test_hostile_text_makes_one_mail_to_one_person(hostile: Desk, post: Post) -> None:
    for name, value in {"smtp.host": "localhost", "me.email": ME}.items():
        hostile.does("config", "set", name, value)
    hostile.does("remind", "--via", "email", "--format", "html")

    (message,) = post.mails
    assert (message["To"], message["Bcc"]) == (ME, None)
    assert "\x1b" not in post.body() + post.body("html")


def test_a_narrow_encoding_gets_escapes_not_an_error(hostile: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    from followup.cli.main import main

    assert main(["remind"]) == 0
    stream.flush()
    assert b"K0 " in stream.buffer.getvalue()  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------------- a real mail server


class Inbox:
    """Takes mail as a server does."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 OK"


def test_two_at_once_bring_a_real_server_one_mail(mail: Desk, program: Program) -> None:
    """Bar 7, small: the installed program, a server on this machine, one mail."""
    from aiosmtpd.controller import Controller

    class OnAnyPort(Controller):
        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    inbox = Inbox()
    server = OnAnyPort(inbox, hostname="127.0.0.1", port=0)
    server.start()
    try:
        for name, value in {"host": "127.0.0.1", "port": str(server.port), "security": "none"}.items():
            mail.does("config", "set", f"smtp.{name}", value)
        environment = program.environment(FOLLOWUP_TODAY=FRIDAY)
        command = ("remind", "--via", "email")
        runs = [program.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _ in "ab"]
        said = [run.communicate(timeout=60) for run in runs]
        again = program(*command, env=environment)
    finally:
        server.stop()

    assert said == [(b"", b""), (b"", b"")]
    assert (again.code, again.out, again.err) == (0, b"", b"")
    (envelope,) = inbox.taken
    assert envelope.rcpt_tos == [ME]
    assert b"Anna Meyer, Meyer GmbH" in envelope.content
    assert ledger(mail) == [(f"email:{ME}", FRIDAY, "sent")]


def test_a_silent_server_holds_nobody_up_however_many_get_the_mail(
    crowd: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bar 29: a server that says nothing has its time once, not once for each address."""
    from followup.cli import reminding

    monkeypatch.setattr(reminding, "MAIL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = {"host": "127.0.0.1", "port": str(silent.getsockname()[1]), "security": "none", "from": ME}
        for name, value in {**settings, "to": f"{ME} {OTHER}"}.items():
            crowd.does("config", "set", f"smtp.{name}", value)
        answer = crowd("remind", "--via", "email", "--json")
    failed = json.loads(answer.out)["failed"]

    assert answer.code == 75
    assert {each["target"] for each in failed} == {f"email:{ME}", f"email:{OTHER}"}
    assert "took too long over the mails before" in answer.out
    assert json.loads(crowd("remind", "--dry-run", "--via", "email", "--json").out)["would_send"], "nothing is lost"


@pytest.mark.parametrize("command", [("due",), ("list",), ("plan",), ("calendar", "-o", "feed.ics")])
def test_a_look_at_tomorrow_takes_nothing_out_of_the_digest_of_today(
    command: tuple[str, ...], desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    desk.does("add", "Ann Ash", "--playbook", "saas", "--signed", "2026-11-19", "--live", "2026-11-20")
    desk.does(*command, today="2026-11-24")

    items = desk.json("remind", today="2026-11-23")["items"]

    assert "who_else" in {each["step"] for each in items}, "its window closes today"
