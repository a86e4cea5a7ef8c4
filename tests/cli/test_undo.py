"""`undo`, `history` and `--dry-run`: what every writing command must be able to take back, list and only try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, WriteTable

ROWS = (
    {
        "Name": "Anna Meyer",
        "Email": "anna@meyer.example",
        "Phone": "7",
        "Signed": "2026-01-12",
        "Goal": "fewer errors",
        "Playbook": "saas",
    },
    {"Name": "Ben Ode", "Email": "ben@ode.example", "Phone": "8", "Signed": "2025-12-01", "Playbook": "retail"},
)

# (what it is in the journal, the command line); TABLE stands for a file to import
WRITES = [
    ("add", ("add", "Ben Ode", "--playbook", "saas", "--signed", "today", "--tag", "x")),
    ("add", ("add", "Ben Ode")),
    ("sale add", ("sale", "add", "anna", "--playbook", "retail", "--signed", "2025-12-01")),
    ("contact add", ("contact", "add", "anna", "Cem Kaya", "--role", "user", "--main")),
    ("concern add", ("concern", "add", "anna", "too slow", "--severity", "major")),
    ("concern resolve", ("concern", "resolve", "1", "settled")),
    ("anchor set", ("anchor", "set", "anna", "live", "2026-01-19")),
    ("set", ("set", "anna", "name", "Anna Maria Meyer")),
    ("set", ("set", "anna", "usage", "heavy")),
    ("set", ("set", "anna", "email", "am@meyer.example")),
    ("set", ("set", "anna", "goal", "sleep")),
    ("set", ("set", "anna", "tags", "a,b")),
    ("set", ("set", "anna", "country", "DE")),
    ("import", ("import", "TABLE")),
    ("done", ("done", "2", "good", "a note", "--score", "9", "--concern", "x", "--promise", "y", "--by", "fri")),
    ("done", ("done", "2", "no-answer")),
    ("done", ("done", "2", "stop")),
    ("done", ("done", "2", "good", "--milestone", "left")),
    ("skip", ("skip", "2", "--why", "met already")),
    ("snooze", ("snooze", "2", "fri")),
    ("snooze", ("snooze", "2", "fri", "14:30")),
]
IDS = [" ".join(args[:4]) for _, args in WRITES]


@pytest.fixture
def busy(anna: Desk) -> Desk:
    """Anna with a past: one contact done, one open concern."""
    anna.does("done", "1", "ok", "--concern", "the import takes hours")
    return anna


@pytest.mark.parametrize(("command", "args"), WRITES, ids=IDS)
def test_undo_restores_everything_and_history_keeps_both(
    busy: Desk, table: WriteTable, command: str, args: tuple[str, ...]
) -> None:
    typed = [str(table(ROWS)) if word == "TABLE" else word for word in args]
    before = busy.facts(), busy.json("show", "anna-meyer"), busy.json("list")["items"][1:]
    busy.does(*typed)
    assert busy.facts() != before[0]
    assert busy.json("history")["items"][0]["command"] == command
    planned = busy.json("plan", "--rebuild")
    assert planned["changes"] == [], "the plan followed the facts at once"

    said = busy.does("undo")
    assert said.startswith(f"took back: {command} (")
    after = busy.facts(), busy.json("show", "anna-meyer"), busy.json("list")["items"][1:]
    assert after == before
    newest, undone = busy.json("history")["items"][:2]
    assert (newest["command"], undone["command"], undone["undone"]) == ("undo", command, True)

    rows = busy.rows("touchpoint"), busy.rows("plan")
    assert busy.json("plan", "--rebuild")["changes"] == []
    assert (busy.rows("touchpoint"), busy.rows("plan")) == rows, "rebuilt from facts alone: the same rows"


def numbers(desk: Desk) -> dict[tuple[str, int], int]:
    """The number of each touchpoint of the newest sale."""
    return {(one["step"], one["occurrence"]): one["id"] for one in desk.sale()["touchpoints"]}


DROPPING = [
    pytest.param([("dnc", "anna")], [("undo",)], id="dnc, undo"),
    pytest.param([("dnc", "anna")], [("dnc", "anna", "--off")], id="dnc, dnc --off"),
    pytest.param([("log", "anna", "problem")], [("undo",)], id="problem, undo"),
    pytest.param([("done", "2", "stop")], [("undo",)], id="stop, undo"),
    pytest.param(
        [("replan", "anna", "--playbook", "retail")],
        [("replan", "anna", "--playbook", "saas")],
        id="replan, replan back",
    ),
    pytest.param([("replan", "anna", "--playbook", "retail")], [("undo",)], id="replan, undo"),
    pytest.param([("hold", "anna")], [("resume", "anna")], id="hold, resume"),
    pytest.param([("hold", "anna")], [("undo",)], id="hold, undo"),
    pytest.param(
        [("dnc", "anna"), ("add", "Ben", "--playbook", "saas")], [("undo",), ("undo",)], id="others meanwhile"
    ),
]


@pytest.mark.parametrize(("away", "back"), DROPPING)
def test_the_numbers_on_the_screen_are_good_again_when_the_plan_comes_back(
    busy: Desk, away: list[tuple[str, ...]], back: list[tuple[str, ...]]
) -> None:
    """What the seller read in a list before is what `done` takes after the mistake was taken back."""
    before = numbers(busy)
    assert busy.number("first_job") == "3"
    for args in away:
        busy.does(*args)
    for args in back:
        busy.does(*args)
    assert numbers(busy) == before
    assert "recorded: first_job, good" in busy.does("done", "3", "good", today="2026-01-07")


def test_a_number_that_is_free_is_given_to_nobody_else(anna: Desk) -> None:
    mine = set(numbers(anna).values())
    anna.does("dnc", "anna")
    anna.does("add", "Ben Ode", "--playbook", "saas")
    others = {one["id"] for one in anna.sale("ben-ode")["touchpoints"]}
    anna.does("undo")
    assert not mine & others
    anna.refuses("done", "3", "good", says="no touchpoint number 3", hint="followup due")
    anna.does("dnc", "anna", "--off")
    assert set(numbers(anna).values()) == mine


@pytest.mark.parametrize(("command", "args"), WRITES, ids=IDS)
def test_a_dry_run_tells_and_leaves_the_file_byte_for_byte(
    busy: Desk, table: WriteTable, command: str, args: tuple[str, ...]
) -> None:
    typed = [str(table(ROWS)) if word == "TABLE" else word for word in args]
    busy.does("due")
    before = busy.files()
    said = busy.does(*typed, "--dry-run")
    assert said.rstrip().endswith("Dry run: nothing was changed.")
    assert busy.json(*typed, "--dry-run")["dry_run"] is True
    assert busy.files() == before
    assert busy.does(*typed) + "Dry run: nothing was changed.\n" == said, f"what {command} says it will do, it does"


@pytest.mark.parametrize(
    "args", [("add", "Ben", "--playbook", "saas"), ("import", "TABLE"), ("playbook", "new", "mine")], ids=" ".join
)
def test_a_dry_run_makes_no_data_file(desk: Desk, table: WriteTable, args: tuple[str, ...]) -> None:
    path = table(ROWS)
    before = desk.files()
    desk.does(*[path if word == "TABLE" else word for word in args], "--dry-run")
    assert desk.files() == before
    desk.cli.db.touch()
    desk.does(*[path if word == "TABLE" else word for word in args], "--dry-run")
    assert desk.cli.db.read_bytes() == b"", "an empty file stays empty"


@pytest.mark.parametrize("args", [("undo",), ("plan",), ("plan", "--rebuild"), ("plan", "anna")], ids=" ".join)
def test_undo_and_plan_can_be_tried_as_well(busy: Desk, args: tuple[str, ...]) -> None:
    before = busy.files()
    tried = busy(*args, "--dry-run", today="2026-02-02")
    assert tried.code == 0
    assert "Dry run: nothing was changed." in tried.out
    assert busy.files() == before


def test_undo_goes_back_command_by_command(anna: Desk) -> None:
    states = [anna.facts()]
    for args in (("done", "1", "good"), ("set", "anna", "tier", "A"), ("concern", "add", "anna", "x")):
        anna.does(*args)
        states.append(anna.facts())
    for state in reversed(states[:-1]):
        anna.does("undo")
        assert anna.facts() == state
    anna.does("undo")
    assert not any(anna.facts().values()), "the customer herself"
    anna.refuses("undo", says="nothing to undo", hint="followup history")


def test_what_changed_nothing_leaves_no_entry(anna: Desk) -> None:
    anna.does("set", "anna", "tier", "B")
    anna.does("plan", "--rebuild")
    anna.does("done", "1", "good")
    anna.does("done", "1", "good")
    anna("done", "99", "good")
    assert [line["command"] for line in anna.json("history")["items"]] == ["done", "add"]


def test_undo_says_which_dates_move(anna: Desk) -> None:
    anna.does("anchor", "set", "anna", "live", "2026-01-19")
    assert "dip_call moved from Mon 2026-02-02 to Mon 2026-01-19" in anna.does("undo")


def test_history_of_one_customer_has_what_was_written_and_what_happened(two_annas: Desk) -> None:
    two_annas.does("done", "1", "good", "glad")
    two_annas.does("set", "anna-mayer", "tier", "A")
    told = two_annas.json("history", "anna-meyer")
    assert told["customer"] == "Anna Meyer"
    assert [line["command"] for line in told["items"]] == ["done", "add"]
    assert [(one["kind"], one["note"]) for one in told["activities"]] == [("contacted", "glad")]
    assert [line["command"] for line in two_annas.json("history")["items"]] == ["set", "done", "add", "add"]
    assert len(two_annas.json("history", "--limit", "2")["items"]) == 2


def test_the_history_holds_no_words_of_customers(anna: Desk) -> None:
    """Ids, counts and codes only."""
    anna.does("done", "1", "good", "a secret note", "--concern", "a secret doubt")
    anna.does("set", "anna", "email", "secret@meyer.example")
    assert "secret" not in "".join(line["summary"] for line in anna.json("history")["items"])


@pytest.mark.parametrize(
    ("args", "says", "hint", "code"),
    [
        (("nobody",), "no customer matches 'nobody'", "followup list", 1),
        (("--limit", "0"), "--limit", "followup history --help", 2),
    ],
)
def test_history_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str, code: int) -> None:
    anna.refuses("history", *args, says=says, hint=hint, code=code)


@pytest.mark.parametrize("command", ["undo", "history", "plan"])
def test_without_a_data_file(desk: Desk, command: str) -> None:
    desk.refuses(command, says="no data file", hint="followup import FILE")
    assert not desk.cli.db.exists()
