"""`file`: the record of results and problems that a new decision maker reads (B27, B28)."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from markdown_it import MarkdownIt

from followup.core.visible import visible
from followup.files import csv_out
from followup.render.measure import width
from tests.trust.naughty import OWN

if TYPE_CHECKING:
    from tests.cli.conftest import Build, Desk

ON = "2026-02-05"
ANNA = "anna-meyer"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
VOID = {"meta", "br"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "dl", "dt", "dd", "ul", "li"),
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</main></body></html><h1>x",
    '" onload="x',
    "[x](javascript:alert(1)) ![y](http://x.example/y.png)",
    "# heading\n\n- item\n\n```\ncode",
    "Eve\x1b[2J\x1b]52;c;ZXZpbA==\x07",
    "Eve\u202egnp.exe",
    "&lt;b&gt; &#60;",
    "{name} {{7*7}} %s",
    "=cmd|' /C calc'!A0",
    "http://x.example www.x.example",
    *OWN[::9],
]


def work(desk: Desk) -> None:
    """A month with Anna: good news, a doubt, a problem and its end, promises, ideas, and what is not for her."""
    desk.does(
        *("add", "Anna Meyer", "--company", "Meyer GmbH", "--email", "anna@meyer.example", "--phone", "+49 30 1"),
        *("--product", "Ledgerline", "--goal", "close the month in three days", "--playbook", "saas"),
        *("--signed", "2026-01-05", "--live", "2026-01-07", "--anchor", "renewal=2027-01-05"),
        *("--tier", "A", "--tag", "secret-tag"),
    )
    for field, value in (("reason", "they answer at night"), ("old_way", "three spreadsheets"), ("notes", "divorced")):
        desk.does("set", ANNA, field, value)
    desk.does("contact", "add", ANNA, "Uwe User", "--role", "user")
    desk.does("contact", "add", ANNA, "Dora Decider", "--role", "decider", "--email", "dora@meyer.example")
    desk.does("contact", "add", ANNA, "Hidden Hans", "--role", "champion", "--email", "hans@meyer.example")
    desk.does("dnc", ANNA, "--contact", "Hidden Hans")
    day = "2026-01-12"
    desk.does("log", ANNA, "good", "the import took ten minutes", "--score", "9", "--tone", "tense", today=day)
    desk.does("log", ANNA, "great", "closed in two days!", "--milestone", "first_result", today="2026-01-13")
    desk.does("log", ANNA, "ok", "grumbled about the weather", today="2026-01-13")
    desk.does("log", ANNA, "concern", "too slow at month end", "--severity", "major", today="2026-01-14")
    desk.does("concern", "resolve", "1", "moved to the fast server", today="2026-01-16")
    lost = ("problem", "the export lost a column", "--promise", "send the lost column", "--by", "2026-01-21")
    desk.does("log", ANNA, *lost, today="2026-01-19")
    for step, outcome, words, on in (
        ("recovery_acknowledge", "ok", "needs it by Friday", "2026-01-20"),
        ("recovery_fix", "good", "works", "2026-01-21"),
        ("recovery_verify", "good", "all columns are back", "2026-01-23"),
    ):
        desk.does("done", desk.number(step, today=on), outcome, words, today=on)
    owed = {each["text"]: str(each["id"]) for each in desk.json("promise", "list")["items"]}
    desk.does("promise", "done", owed["send the lost column"], "--told", today="2026-01-22")
    desk.does("promise", "add", ANNA, "a training day", "--by", "2026-03-02", today="2026-01-26")
    desk.does("log", ANNA, "good,idea", "a dark mode would help", today="2026-01-27")
    desk.does("log", ANNA, "good,idea", "a shorter menu", today="2026-01-27")
    owed = {each["text"]: str(each["id"]) for each in desk.json("promise", "list")["items"]}
    desk.does("promise", "done", owed["a dark mode would help"], "--told", "--answer", "planned", today="2026-01-28")
    asked = ("good,referral", "ask my friend Zoe", "--referred", "Zoe Quick")
    desk.does("log", ANNA, *asked, today="2026-01-29")
    desk.does("log", ANNA, "good", "would pay twice as much", "--purpose", "persuasive", today="2026-01-29")
    desk.does("reading", "add", ANNA, "nps", "10", "--note", "sounded bored", today="2026-02-03")
    desk.does("reading", "add", ANNA, "usage", "down", today="2026-02-03")
    desk.does("log", ANNA, "problem", "the login is down", today="2026-02-04")


@pytest.fixture
def told(built: Callable[[str, Build], Desk]) -> Desk:
    desk = built("file", work)
    for name, value in (("name", "Sam Seller"), ("company", "Acme & Co"), ("phone", "+49 30 99")):
        desk.does("config", "set", f"me.{name}", value)
    return desk


def record(desk: Desk, *args: str | Path, today: str = ON) -> str:
    """What `file` prints; notices of the plan beside it do not matter here."""
    answer = desk("file", *args, today=today)
    assert answer.code == 0, answer
    return answer.out


def sections(text: str) -> dict[str, list[str]]:
    """The lines of the text below each heading."""
    found: dict[str, list[str]] = {}
    for block in text.strip().split("\n\n"):
        head, *lines = block.split("\n")
        found[head.strip()] = [line.strip() for line in lines]
    return found


# What stands in it


def test_the_record_says_what_when_and_why(told: Desk) -> None:
    """B27, D4: what they bought, since when, for what, why, and what they had before."""
    text = sections(record(told, ANNA))
    assert text["Record of results and problems"] == ["For: Anna Meyer, Meyer GmbH", "As of: 5 February 2026"]
    assert text["Ledgerline"][1:] == [
        "Bought: 5 January 2026",
        "In use since: 7 January 2026",
        "Term until: 5 January 2027",
        'Goal: "close the month in three days"',
        'Chosen because: "they answer at night"',
        'Before: "three spreadsheets"',
    ]


def test_results_stand_in_their_words_with_their_days(told: Desk) -> None:
    """B27, C21: words after good contacts, the first result, scores as they were given; the tone is not told (C12)."""
    assert sections(record(told, ANNA))["Results"] == [
        '- 12 January 2026: "the import took ten minutes"',
        "- 12 January 2026: 9 of 10 (would recommend it)",
        '- 13 January 2026: the first result: "closed in two days!"',
        "- 3 February 2026: 10 of 10 (would recommend it)",
    ]


def test_problems_stand_beside_them_with_their_end_and_its_pace(told: Desk) -> None:
    """B27, C13, DOMAIN 3.9: how they ended and how fast, and honestly what is open."""
    assert sections(record(told, ANNA))["Problems and doubts, and how they ended"] == [
        (
            '- 14 January 2026: "too slow at month end". '
            'Settled on 16 January 2026, after 2 days: "moved to the fast server".'
        ),
        (
            '- 19 January 2026: "the export lost a column". Answered on 20 January 2026, after 1 day. '
            'Solved on 21 January 2026, after 2 days. Confirmed on 23 January 2026: "all columns are back".'
        ),
        '- 4 February 2026: "the login is down". Not solved yet.',
    ]


def test_the_balance_of_good_and_bad_is_given(told: Desk) -> None:
    """B27: results next to problems, and the ratio."""
    assert sections(record(told, ANNA))["Ledgerline"][0] == (
        "On record: 2 results, 3 problems or doubts, 2 of them settled."
    )


def test_promises_and_ideas_stand_with_what_became_of_them(told: Desk) -> None:
    """C14, C15, E18: kept late is said, the answer to an idea as well."""
    text = sections(record(told, ANNA))
    assert text["What was promised"] == [
        '- "send the lost column", by 21 January 2026: done on 22 January 2026, 1 day late',
        '- "a training day", by 2 March 2026: not due yet',
    ]
    assert text["Suggestions, and what became of them"] == [
        '- "a dark mode would help": planned, told on 28 January 2026',
        '- "a shorter menu": an answer by 10 February 2026',
    ]


def test_a_promise_that_was_not_kept_is_in_it(told: Desk) -> None:
    """E18: honestly."""
    promised = sections(record(told, ANNA, today="2026-03-09"))["What was promised"]
    assert '- "a training day", by 2 March 2026: not kept yet' in promised


def test_who_is_involved_on_both_sides(told: Desk) -> None:
    """B28, E19: who decides first; nobody who must be left alone, and no addresses of theirs."""
    text = record(told, ANNA)
    assert sections(text)["Who is involved"] == [
        "- Dora Decider, decides",
        "- Uwe User, works with it",
        "- Anna Meyer",
        "- Sam Seller, Acme & Co, +49 30 99",
    ]
    for absent in ("Hans", "anna@meyer.example", "dora@meyer.example", "+49 30 1\n"):
        assert absent not in text


def test_what_comes_next_is_said_in_plain_words(told: Desk) -> None:
    """What sells or asks for a favour is not told beforehand; no step, purpose or channel by its name."""
    coming = sections(record(told, ANNA))["What comes next"]
    assert coming[0] == "- These days: We put right what went wrong."
    assert 2 <= len(coming) <= 4
    assert all(re.match(r"- (These days|\d+ \w+ 2026): We [^_]+\.$", line) for line in coming)


@pytest.mark.parametrize("kind", ["text", "markdown", "html", "json"])
def test_nothing_is_in_it_that_is_not_for_them(told: Desk, kind: str) -> None:
    """No mood, priority, tier, tag, note about a person, tone, severity, referral, usage or word about money."""
    format_ = ["--json"] if kind == "json" else ["--format", kind]
    text = record(told, ANNA, *format_).split("</style>")[-1].casefold()
    for secret in (
        *("divorced", "secret-tag", "tense", "(tone", "major", "zoe", "weather", "twice as much", "bored", "hans"),
        *("mood", "priority", "tier", "lane", "estimate", "strength", "learning", "playbook", "saas", "usage"),
        *("needs it by friday", "answer: too slow", "referral", "introduction"),
    ):
        assert secret not in text, secret


def test_json_has_every_fact_and_null_for_what_is_absent(told: Desk) -> None:
    told_json = told("file", ANNA, "--json", today=ON).json
    assert (told_json["schema"], told_json["today"], told_json["written_to"]) == ("followup.file/1", ON, None)
    assert (told_json["customer"], told_json["customer_key"]) == ("Anna Meyer", ANNA)
    assert told_json["company"] == "Meyer GmbH"
    assert told_json["seller"]["name"] == "Sam Seller"
    [sale] = told_json["sales"]
    assert sale["dates"] == {"live": "2026-01-07", "renewal": "2027-01-05"}
    assert [sale[name] for name in ("results_count", "problems_count", "settled_count")] == [2, 3, 2]
    assert sale["words"] == [{"on": "2026-01-12", "text": "the import took ten minutes"}]
    assert sale["scores"][0] == {"on": "2026-01-12", "kind": "nps", "value": "9", "most": 10}
    ended, opened = sale["problems"]
    assert (ended["answered_on"], ended["solved_on"], ended["days"]) == ("2026-01-20", "2026-01-21", 2)
    assert (ended["confirmed_on"], ended["words"]) == ("2026-01-23", "all columns are back")
    assert [opened[name] for name in ("answered_on", "solved_on", "confirmed_on", "days")] == [None] * 4
    assert [each["state"] for each in sale["promises"]] == ["late", "open"]
    assert [each["answer"] for each in sale["ideas"]] == ["planned", None]


def test_a_fresh_customer_has_a_record_too(anna: Desk) -> None:
    """B27: nothing is made up."""
    text = record(anna, ANNA, today="2026-01-05")
    assert "On record: no result yet, no problem and no doubt." in text
    assert sections(text)["Results"] == ["No result is on record yet."]
    assert sections(text)["Problems and doubts, and how they ended"] == ["None is on record."]
    assert "What was promised" not in text
    assert sections(text)["Who is involved"] == ["- Anna Meyer"]


def test_before_the_signature_nothing_was_bought(desk: Desk) -> None:
    desk.does("add", "Zoe Quick", "--playbook", "saas", "--signed", "2026-03-02", "--product", "Ledgerline")
    assert "Signature: 2 March 2026" in record(desk, "zoe-quick", today="2026-01-05")


def test_a_customer_without_a_sale_has_nothing_but_a_name(desk: Desk) -> None:
    desk.does("add", "Zoe Quick", "--email", "zoe@x.example")
    assert sections(record(desk, "zoe-quick"))["Who is involved"] == ["- Zoe Quick"]
    assert "No purchase is on record yet." in record(desk, "zoe-quick")


def test_a_problem_that_came_back_is_not_called_settled(anna: Desk) -> None:
    """DOMAIN 3.9: one that made way for the next is said to have done so."""
    anna.does("log", ANNA, "problem", "first", today="2026-01-19")
    anna.does("log", ANNA, "problem", "second", today="2026-01-26")
    text = record(anna, ANNA, today="2026-01-27")
    assert '"first". It was not settled when the next problem came.' in text
    assert "2 problems or doubts, none of them settled." in text


def test_mended_but_not_yet_confirmed_is_said_so(anna: Desk) -> None:
    anna.does("log", ANNA, "problem", "it stopped", today="2026-01-19")
    anna.does("done", anna.number("recovery_fix", today="2026-01-20"), "ok", today="2026-01-20")
    text = record(anna, ANNA, today="2026-01-20")
    assert "Solved on 20 January 2026, after 1 day. It is not confirmed yet that it works." in text
    assert "1 problem or doubt, not settled yet." in text


def test_several_sales_have_a_part_each(told: Desk) -> None:
    """What was said about the first purchase is not said of the second."""
    told.does("sale", "add", ANNA, "--product", "Paybook", "--playbook", "saas", "--signed", "2026-02-02", today=ON)
    text = record(told, ANNA)
    assert text.index("\nLedgerline\n") < text.index("\nPaybook\n")
    assert text.count("three spreadsheets") == 1
    assert text.count("On record: ") == 2


def test_merged_customers_have_one_record(told: Desk) -> None:
    """What both of them bought, by whatever name it is asked for."""
    second = ("--product", "Paybook", "--playbook", "saas", "--signed", "2026-02-02", "--email", "am@x.example")
    told.does("add", "A. Meyer", *second, today=ON)
    told.does("merge", ANNA, "a-meyer", today=ON)
    text = record(told, "a-meyer")
    assert "For: Anna Meyer, Meyer GmbH" in text
    assert "\nLedgerline\n" in text
    assert "\nPaybook\n" in text


# Who may have one


def test_there_is_none_for_a_customer_who_must_be_left_alone(told: Desk, tmp_path: Path) -> None:
    """B28, C6: it is made to be handed to them."""
    told.does("dnc", ANNA, today=ON)
    says = "Anna Meyer asked to be left alone, and this record is made to be handed to them"
    told.refuses("file", ANNA, says=says, hint=f"followup show {ANNA}", today=ON)
    target = tmp_path / "record.html"
    told.refuses("file", ANNA, "-o", target, says=says, today=ON)
    assert not target.exists()


def test_there_is_none_where_everybody_must_be_left_alone(anna: Desk) -> None:
    anna.does("dnc", ANNA, "--contact", "Anna Meyer")
    anna.refuses("file", ANNA, says="asked to be left alone", hint="followup show")


def test_a_person_who_must_be_left_alone_gives_the_record_no_name(told: Desk) -> None:
    """C6: also where the customer is called after that person."""
    told.does("dnc", ANNA, "--contact", "Anna Meyer", today=ON)
    for format_ in ("text", "markdown", "html"):
        text = record(told, ANNA, "--format", format_)
        assert "Meyer GmbH" in text
        assert "Anna Meyer" not in text
    assert told("file", ANNA, "--json", today=ON).json["customer"] == "Meyer GmbH"


def test_an_unknown_customer_is_refused(anna: Desk) -> None:
    anna.refuses("file", "nobody", says="no customer matches 'nobody'", hint="followup list")


# Where it goes


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("name", "format_", "begins"),
    [
        ("record.html", "", "<!DOCTYPE html>"),
        ("record.HTM", "", "<!DOCTYPE html>"),
        ("record.md", "", "# Record"),
        ("record.txt", "", "Record of results"),
        ("record", "", "Record of results"),
        ("record.txt", "html", "<!DOCTYPE html>"),
        ("record.html", "markdown", "# Record"),
    ],
)
def test_a_file_is_private_and_its_ending_says_what_it_is(
    told: Desk, tmp_path: Path, name: str, format_: str, begins: str
) -> None:
    target = tmp_path / name
    said = record(told, ANNA, "-o", target, *(["--format", format_] if format_ else []))
    assert target.read_text(encoding="utf-8").startswith(begins)
    assert mode(target) == 0o600
    assert said == f"the record of Anna Meyer is written to {target}; read it before you hand it over\n"


def test_a_text_file_is_as_wide_as_a_page(told: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    target = tmp_path / "record.txt"
    record(told, ANNA, "-o", target)
    assert 60 < max(map(width, target.read_text(encoding="utf-8").splitlines())) <= 78


def test_with_json_the_place_is_told(told: Desk, tmp_path: Path) -> None:
    target = tmp_path / "record.html"
    answer = told("file", ANNA, "-o", target, "--json", today=ON)
    assert answer.json["written_to"] == str(target)
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_an_old_file_is_replaced_whole(told: Desk, tmp_path: Path) -> None:
    target = tmp_path / "record.html"
    target.write_text("x" * 1_000_000, encoding="utf-8")
    target.chmod(0o644)
    record(told, ANNA, "-o", target)
    assert target.read_text(encoding="utf-8").endswith("</html>\n")
    assert mode(target) == 0o600


def test_a_full_disk_leaves_the_old_file(told: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "record.html"
    target.write_text("before", encoding="utf-8")

    def full(_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(csv_out.os, "fsync", full)
    answer = told("file", ANNA, "-o", target, today=ON)
    assert answer.code == 3
    assert "the disk is full" in answer.err
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_nothing_is_written_through_a_link_or_over_the_data_file(told: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text("before", encoding="utf-8")
    link = tmp_path / "link.html"
    link.symlink_to(other)
    told.refuses("file", ANNA, "-o", link, says="is a symbolic link; nothing was written", today=ON)
    told.refuses("file", ANNA, "-o", tmp_path, says="is a folder; nothing was written", today=ON)
    told.refuses("file", ANNA, "-o", told.cli.db, says="is the data file itself; nothing was written", today=ON)
    told.refuses("file", ANNA, "-o", tmp_path / "no" / "x.md", says="there is no folder", hint="make it", today=ON)
    assert other.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize("format_", ["text", "markdown", "html"])
def test_a_dash_is_standard_output(told: Desk, format_: str) -> None:
    assert record(told, ANNA, "-o", "-", "--format", format_) == record(told, ANNA, "--format", format_)


@pytest.mark.parametrize(("name", "hint"), [("htlm", "--format html"), ("pdf", "--format text, markdown or html")])
def test_an_unknown_format_is_refused(told: Desk, name: str, hint: str) -> None:
    told.refuses("file", ANNA, "--format", name, says=f"cannot be written as {name!r}", hint=hint, code=2, today=ON)


@pytest.mark.parametrize("columns", [40, 80, 140])
def test_the_record_fits_the_screen(told: Desk, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = ANSI.sub("", told("--color", "always", "file", ANNA, today=ON).out)
    assert max(map(width, shown.splitlines())) <= columns
    assert '"all columns are back"' in " ".join(shown.split())


# As HTML and as Markdown


class Page(HTMLParser):
    """Reads a page strictly: every tag known and closed, every attribute harmless."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.items: list[str] = []
        self.title = ""
        self.lang: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        if tag == "html":
            self.lang = dict(attrs)["lang"]
        if tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), ""))
        if tag == "li":
            self.items.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if "title" in self.open:
            self.title += data
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            level, before = self.headings[-1]
            self.headings[-1] = (level, before + data)
        if "li" in self.open:
            self.items[-1] += data


def page(html: str) -> Page:
    reader = Page()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_is_whole_balanced_and_in_order(told: Desk) -> None:
    """One file that needs nothing else: language, title, headings in their order, no script, nothing from elsewhere."""
    html = record(told, ANNA, "--format", "html")
    read = page(html)
    assert read.lang == "en"
    assert read.title == "Record of results and problems: Anna Meyer, Meyer GmbH"
    assert [level for level, _ in read.headings] == [1, 2, 2, 3, 3, 3, 3, 3]
    assert read.headings[0] == (1, "Record of results and problems")
    assert "@media print" in html
    assert not re.search(r"<script|javascript|url\(|@import|src=|href=|https?:", html)


def test_all_three_say_the_same(told: Desk) -> None:
    """What stands in the text stands in the page and in the Markdown, word for word."""
    text = record(told, ANNA)
    html = page(record(told, ANNA, "--format", "html"))
    markdown = MarkdownIt("commonmark").parse(record(told, ANNA, "--format", "markdown"))
    bullets = [line.strip()[2:] for line in text.splitlines() if line.strip().startswith("- ")]
    curly = [re.sub(r'"([^"]*)"', r"“\1”", bullet) for bullet in bullets]
    assert html.items == curly
    inline = ["".join(child.content for child in token.children or []) for token in markdown if token.type == "inline"]
    assert [line for line in inline if line in curly] == curly
    headings = [line.strip() for line in text.splitlines() if line and not line.startswith(("  -", "  On "))]
    assert [words for _, words in html.headings if words in headings] == [words for _, words in html.headings]


def gather(desk: Desk) -> None:
    for number, name in enumerate(HOSTILE):
        desk.does(
            *("add", "--company", name, "--product", name, "--goal", name, "--email", f"n{number}@x.example"),
            *("--playbook", "saas", "--signed", "2026-01-05", "--", name),
        )
        who = f"n{number}@x.example"
        desk.does("set", who, "reason", "--", name)
        desk.does("log", who, "good", "--", name)
        desk.does("log", who, "concern", "--", name)
        desk.does("log", who, "problem", "--promise", name, "--by", "2026-01-09", "--", name)


@pytest.fixture
def crowd(built: Callable[[str, Build], Desk]) -> Desk:
    return built("file crowd", gather)


def facts(desk: Desk, number: int) -> dict[str, Any]:
    """The texts of a record as JSON has them."""
    told: dict[str, Any] = desk("file", f"n{number}@x.example", "--json", today="2026-01-06").json
    return told


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=lambda number: visible(HOSTILE[number])[:20])
def test_hostile_words_stay_words_in_all_three(crowd: Desk, number: int) -> None:
    """Text of customers is data: no tag, no link, no line of its own, nothing that a terminal obeys."""
    words = visible(facts(crowd, number)["sales"][0]["words"][0]["text"])
    name = f"n{number}@x.example"
    html = page(record(crowd, name, "--format", "html", today="2026-01-06"))
    assert [level for level, _ in html.headings] == [1, 2, 2, 3, 3, 3, 3]
    assert any(f"“{words}”" in item for item in html.items)
    assert visible(HOSTILE[number]).strip() in html.title
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parsed = markdown.parse(record(crowd, name, "--format", "markdown", today="2026-01-06"))
    inner = [child for token in parsed for child in token.children or []]
    assert {child.type for child in inner} == {"text"}
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in parsed} == {
        *("heading", "inline", "paragraph", "bullet_list", "list_item")
    }
    assert any(f"“{words.strip()}”" in child.content for child in inner)
    text = record(crowd, name, today="2026-01-06")
    assert f'"{words}"' in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", text)
