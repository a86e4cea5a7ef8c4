"""Names and notes of customers are data: no terminal obeys them, no list dies of them, JSON gives them back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Build, Desk, WriteTable

NAMES = {
    "markup": "Acme [red]Ltd[/red] [/b]",
    "emoji code": "Smith :smile: [link=https://x.example]x[/link]",
    "escape": "Eve\x1b[2J\x1b[1;1HMallory",
    "link": "Eve\x1b]8;;https://x.example\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "Eve\x1b]52;c;ZXZpbA==\x07",
    "nul": "Eve\x00Mallory",
    "c1": "Eve\x9b31mred\x9d0;title\x9c",
    "bidi": "Eve\u202egnp.exe\u2066x",
    "newline": "Eve\nMallory\r\nTrent\rZoe",
    "tab": "Eve\tMallory",
    "line separator": "Eve\u2028Mallory\x85Trent",
    "zero width": "E\u200bv\ufeffe\u00ad",
    "emoji": "Zoë 👩‍👩‍👧‍👦 🇩🇪",
    "long": "Ann" * 100,
    "formula": '=HYPERLINK("https://x.example")',
    "sql": "Robert'); DROP TABLE customer;--",
    "braces": "{name} {{7*7}} %s %(x)s $HOME",
    "quotes": "\"Anna\" 'O\u2019Neil' `ls`",
    "cjk": "株式会社 田中商店",
    "combining": "Zalgo" + "\u0300" * 40,
}
# What a terminal would obey, or what would break a line of a pipe apart from its own tabs and line ends.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff\u00ad]")
STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def crowd(built: Callable[[str, Build], Desk]) -> Desk:
    """Everybody at once, each with a hostile note, goal, tag and doubt as well."""
    return built("crowd", gather)


def gather(desk: Desk) -> None:
    for name in NAMES.values():
        desk.does(
            *("add", "--playbook", "saas", "--signed", "today", "--goal", name, "--product", name, "--tag", name),
            *("--company", name, "--phone", name, "--", name),
        )
    for item in desk.json("due", "--all")["items"]:
        name = item["customer"]
        desk.does("done", str(item["id"]), "good", "--concern", name, "--promise", name, "--by", "fri", "--", name)


def test_json_gives_every_name_back_as_it_was(crowd: Desk) -> None:
    kept = {name.strip() for name in NAMES.values()}
    listed = crowd.json("list")["items"]
    assert {item["customer"] for item in listed} == kept
    assert {item["product"] for item in listed} == set(NAMES.values())
    assert {item["text"] for item in crowd.json("concern", "list")["items"]} == kept
    for item in listed:
        page = crowd.json("show", item["customer_key"])
        (contacted,) = [one for one in page["sales"][0]["activities"] if one["kind"] == "contacted"]
        assert contacted["note"].strip() == item["customer"]
        assert page["customer"]["name"] == item["customer"]


def test_a_pipe_has_one_line_each_and_no_byte_that_is_obeyed(crowd: Desk) -> None:
    for args, fields in (
        (("due", "--days", "9"), 16),
        (("list",), 17),
        (("concern", "list"), 8),
        (("promise", "list"), 10),
    ):
        said = crowd.does(*args)
        lines = said.split("\n")[:-1]
        assert len(lines) == len(NAMES), args
        assert {line.count("\t") + 1 for line in lines} == {fields}, args
        assert not OBEYED.search(said), args


@pytest.mark.parametrize("width", ["20", "80", "140"])
def test_a_terminal_obeys_nobody_and_the_list_stays_whole(
    crowd: Desk, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    numbers = [str(item["id"]) for item in crowd.json("due", "--days", "9")["items"]]
    for args in (("due", "--days", "9"), ("list",), ("history",), ("concern", "list"), ("promise", "list")):
        said = STYLE.sub("", crowd.does("--color", "always", *args))
        assert not OBEYED.search(said), args
        if args[0] == "due":
            assert all(re.search(rf"(^|\s){number}\s", said) for number in numbers)


def test_pages_reasons_and_histories_are_clean(crowd: Desk) -> None:
    for turn, item in enumerate(crowd.json("due", "--days", "9")["items"]):
        first, second = ("always", "auto")[:: -1 if turn % 2 else 1]
        for color, *args in (
            (first, "show", item["customer_key"]),
            (second, "why", str(item["id"])),
            (second, "history", item["customer_key"]),
            (first, "stage", item["customer_key"]),
        ):
            said = STYLE.sub("", crowd.does("--color", color, *args))
            assert said
            assert not OBEYED.search(said), (args, color)


def test_errors_are_clean_as_well(crowd: Desk) -> None:
    for name in NAMES.values():
        answer = crowd("show", "--", f"{name} who is not there")
        assert answer.code == 1
        assert not OBEYED.search(answer.err)
        assert len(answer.err.splitlines()) <= 2


def test_a_table_of_them_comes_in_and_is_found_again(desk: Desk, table: WriteTable) -> None:
    names = [name for name in NAMES.values() if "\0" not in name]  # that one no table may hold
    rows = [
        {"Name": name, "Email": f"n{number}@x.example", "Signed": "2026-01-05", "Notes": name}
        for number, name in enumerate(names)
    ]
    path = table(rows)
    told = desk.json("import", path, "--playbook", "retail")
    assert told["created"] == len(names)
    again = desk.json("import", path, "--playbook", "retail")
    assert (again["unchanged"], again["created"], again["updated"]) == (len(names), 0, 0)
    for number, name in enumerate(names):
        found = desk.json("show", f"n{number}@x.example")["customer"]
        assert found["name"].strip() == name.strip()
        assert found["notes"] == name


@pytest.mark.parametrize(
    "args",
    [
        ("add", "Jos\udce9"),
        ("add", "Anna", "--goal", "Jos\udce9", "--playbook", "saas"),
        ("done", "1", "good", "Jos\udce9"),
        ("done", "1", "good", "--concern", "Jos\udce9"),
        ("set", "anna-meyer", "notes", "Jos\udce9"),
        ("concern", "add", "anna-meyer", "Jos\udce9"),
        ("skip", "1", "--why", "Jos\udce9"),
        ("show", "Jos\udce9"),
        ("add", "Anna", "--tag", "Jos\udce9"),
    ],
    ids=lambda args: " ".join(args[:2]),
)
def test_bytes_that_are_no_text_are_refused_in_a_sentence(anna: Desk, args: tuple[str, ...]) -> None:
    before = anna.facts()
    answer = anna(*args)
    assert answer.code == 1, answer
    assert answer.out == ""
    assert answer.err.startswith("Error: ")
    assert len(answer.err.splitlines()) == 2
    assert anna.facts() == before
