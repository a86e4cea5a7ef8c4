"""`replan`: sales move to the edited text of their playbook; the diff comes first, what was set by hand stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from followup.files.shipped import shipped_playbook_text

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

NEW_STEP = """  - id: new_call
    stage: learning
    when: live+17
    window: [-1, 1]
    channel: phone
    purpose: prevention
    goal: Look whether it is used.
    gives: A fix.
    ask:
      - What stopped you this week?
    message: >-
      {first_name}, what stopped you this week with {product}?
"""


def edit(desk: Desk, *changes: tuple[str, str], key: str = "saas") -> None:
    """Give the user a playbook of their own: the shipped text with some words changed."""
    text = shipped_playbook_text(key)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    folder = desk.cli.config.parent / "playbooks"
    folder.mkdir(exist_ok=True)
    (folder / f"{key}.yaml").write_text(text, encoding="utf-8")


LATER = ("when: live+21\n", "when: live+24\n")
WITHOUT = ("  - id: dip_call\n", "  - id: other_call\n")
WITH = ("  - id: dip_call\n", NEW_STEP + "  - id: dip_call\n")


def test_until_then_an_edited_file_changes_nothing(anna: Desk) -> None:
    before = anna.open_dates()
    edit(anna, LATER)
    anna.does("plan", "--rebuild")
    assert anna.open_dates() == before


def test_a_moved_step_moves_and_says_from_and_to(anna: Desk) -> None:
    edit(anna, LATER)
    said = anna.does("replan")
    assert "Anna Meyer (sale 1, Ledgerline, saas)" in said
    assert "lesson_one moved from Mon 2026-01-26 to Thu 2026-01-29: written as live+24, before as live+21" in said
    assert anna.open_dates()["lesson_one/1"] == "2026-01-29"


def test_a_new_step_comes_in_and_one_that_is_gone_leaves(anna: Desk) -> None:
    edit(anna, WITHOUT)
    changes = {one["step"]: one for one in anna.json("replan")["items"][0]["changes"]}
    assert (changes["other_call"]["change"], changes["other_call"]["reason"]) == ("added", "new in the playbook")
    assert (changes["dip_call"]["change"], changes["dip_call"]["reason"]) == (
        "dropped",
        "the playbook has this step no more",
    )
    assert (changes["dip_call"]["from"], changes["dip_call"]["to"]) == ("2026-01-19", None)


def test_what_was_done_stays_done(anna: Desk) -> None:
    number = anna.number("dip_call", today="2026-01-19")
    anna.does("done", number, "good", "fine", today="2026-01-19")
    before = [one for one in anna.sale(today="2026-01-19")["touchpoints"] if one["status"] == "done"]
    edit(anna, WITHOUT, LATER)
    anna.does("replan", today="2026-01-19")
    after = [one for one in anna.sale(today="2026-01-19")["touchpoints"] if one["status"] == "done"]
    assert [(one["id"], one["step"], one["due_on"]) for one in after] == [
        (one["id"], one["step"], one["due_on"]) for one in before
    ]


def test_a_day_set_by_hand_stays(anna: Desk) -> None:
    anna.does("snooze", anna.number("lesson_one"), "2026-01-28")
    edit(anna, LATER)
    changes = anna.json("replan")["items"][0]["changes"]
    assert "lesson_one" not in [one["step"] for one in changes]
    assert anna.open_dates()["lesson_one/1"] == "2026-01-28"


def test_what_the_new_text_would_have_asked_for_long_ago_is_not_overdue_now(anna: Desk) -> None:
    """Only what is to come moves: nobody is late with what was not in the playbook yet."""
    edit(anna, WITH)
    anna.does("replan", today="2026-03-02")
    assert "new_call/1" not in anna.open_dates(today="2026-03-02")


def test_a_sale_that_follows_the_text_already_is_left_alone(anna: Desk) -> None:
    told = anna.json("replan")
    assert (told["schema"], told["items"], told["unchanged_count"]) == ("followup.replan/1", [], 1)
    assert anna.does("replan") == ("Nothing to do: no sale follows an older text of its playbook; 1 sale left alone.\n")
    assert anna.does("history").count("replan") == 0


def test_twice_is_once(anna: Desk) -> None:
    edit(anna, LATER)
    anna.does("replan")
    facts = anna.facts()
    assert anna.json("replan")["items"] == []
    assert anna.facts() == facts


def test_a_text_without_any_new_date_is_pinned_all_the_same(anna: Desk) -> None:
    edit(anna, ("playbook: saas\n", "# mine\nplaybook: saas\n"))
    said = anna.does("replan")
    assert "no date changes" in said
    assert anna.json("replan")["items"] == []


def test_a_dry_run_says_the_same_and_changes_nothing(anna: Desk) -> None:
    edit(anna, LATER, WITH)
    before, plan = anna.facts(), anna.open_dates()
    said = anna.does("replan", "--dry-run")
    assert "Dry run: nothing was changed." in said
    assert (anna.facts(), anna.open_dates()) == (before, plan)
    assert anna.does("replan").splitlines()[:-1] == said.splitlines()[:-1]


def test_undo_takes_it_back(anna: Desk) -> None:
    before = anna.open_dates()
    edit(anna, LATER, WITH)
    anna.does("replan")
    assert anna.open_dates() != before
    anna.does("undo")
    assert anna.open_dates() == before


def test_only_one_customer_or_only_one_playbook(two_annas: Desk) -> None:
    two_annas.does("add", "Rita Bloom", "--playbook", "retail", "--signed", "2026-01-05")
    edit(two_annas, LATER)
    edit(two_annas, ("when: live+24\n", "when: live+26\n"), key="retail")
    told = two_annas.json("replan", "anna-mayer")
    assert [one["customer_key"] for one in told["items"]] == ["anna-mayer"]
    told = two_annas.json("replan", "--playbook", "retail")
    assert [one["customer_key"] for one in told["items"]] == ["rita-bloom"]
    told = two_annas.json("replan")
    assert [one["customer_key"] for one in told["items"]] == ["anna-meyer"]
    assert told["unchanged_count"] == 2


class TestAnotherPlaybook:
    """Switching: the old steps leave, the new ones come, what was done stays."""

    def test_it_moves_the_sale(self, anna: Desk) -> None:
        anna.does("done", "1", "good")
        said = anna.does("replan", "anna", "--playbook", "services")
        assert "Anna Meyer (sale 1, Ledgerline, saas to services)" in said
        assert "start_letter added" in said
        assert "plan_together dropped, it was due on Tue 2026-01-06: the playbook has this step no more" in said
        sale = anna.sale()
        assert sale["playbook"] == "services"
        assert anna.step("welcome_note")["status"] == "done"
        (item,) = anna.json("replan", "anna", "--playbook", "saas", "--dry-run")["items"]
        assert (item["was"], item["playbook"], item["sale"]) == ("services", "saas", 1)

    def test_of_several_sales_one_must_be_named(self, anna: Desk) -> None:
        anna.does("sale", "add", "anna", "--playbook", "retail", "--product", "Cups")
        anna.refuses(
            *("replan", "anna", "--playbook", "services"),
            says="Anna Meyer has 2 sales: which one moves to services?",
            hint="--sale with one of: 1 (saas), 2 (retail)",
        )
        anna.does("replan", "anna", "--playbook", "services", "--sale", "2")
        assert [one["playbook"] for one in anna.json("show", "anna")["sales"]] == ["saas", "services"]

    def test_without_a_customer_it_moves_nobody_to_another_one(self, anna: Desk) -> None:
        assert anna.json("replan", "--playbook", "services")["items"] == []
        assert anna.sale()["playbook"] == "saas"


class TestAsking:
    """On a terminal the diff is shown and asked about; in a pipe nothing is ever asked."""

    @pytest.fixture
    def at_a_terminal(self, anna: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
        monkeypatch.setattr("followup.cli.asking.somebody_is_there", lambda: True)
        edit(anna, LATER)
        return anna

    def test_yes(self, at_a_terminal: Desk) -> None:
        answer = at_a_terminal.cli("replan", stdin="y\n")
        assert answer.code == 0
        assert "lesson_one moved" in answer.out
        assert "Change these plans?" in answer.out + answer.err
        assert answer.out.endswith("The plans are changed.\n")
        assert at_a_terminal.open_dates()["lesson_one/1"] == "2026-01-29"

    @pytest.mark.parametrize("word", ["n\n", "\n"])
    def test_no(self, at_a_terminal: Desk, word: str) -> None:
        before = at_a_terminal.facts()
        answer = at_a_terminal.cli("replan", stdin=word)
        assert (answer.code, at_a_terminal.facts()) == (0, before)
        assert "lesson_one moved" in answer.out

    @pytest.mark.parametrize("options", [("--yes",), ("--json",), ("--dry-run",)])
    def test_nobody_is_asked(self, at_a_terminal: Desk, options: tuple[str, ...]) -> None:
        answer = at_a_terminal.cli("replan", *options)
        assert (answer.code, answer.err) == (0, "")
        assert "Change these plans?" not in answer.out

    def test_nothing_to_do_is_no_question(self, anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("followup.cli.asking.somebody_is_there", lambda: True)
        assert anna.does("replan").startswith("Nothing to do")


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("--playbook", "sas"), "no playbook is called 'sas'", "did you mean saas?"),
        (("anna", "--playbook", "servces"), "no playbook is called 'servces'", "did you mean services?"),
        (("nobody",), "no customer matches 'nobody'", "followup list"),
        (("anna", "--sale", "7"), "Anna Meyer has no sale 7", "--sale with one of: 1"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("replan", *args, says=says, hint=hint)


def test_a_text_with_problems_is_refused_with_all_of_them(anna: Desk) -> None:
    edit(anna, ("    channel: phone\n", "    channel: fone\n"), ("kpi: nps", "kpi: nsp"))
    answer = anna.refuses("replan", says="saas.yaml cannot be used: ", hint="followup playbook check")
    assert "fone" in answer.err
    assert "nsp" in answer.err


def test_a_broken_text_that_nobody_follows_is_in_nobodys_way(anna: Desk) -> None:
    edit(anna, LATER)
    edit(anna, ("kpi: csat", "kpi: cast"), key="retail")
    assert len(anna.json("replan")["items"]) == 1


def test_a_playbook_that_is_gone_leaves_its_sales_alone(anna: Desk) -> None:
    edit(anna, ("playbook: saas\n", "playbook: mine\n"))
    folder = anna.cli.config.parent / "playbooks"
    (folder / "saas.yaml").rename(folder / "mine.yaml")
    anna.does("add", "Rita Bloom", "--playbook", "mine", "--signed", "2026-01-05")
    (folder / "mine.yaml").unlink()
    answer = anna.cli("replan")
    assert answer.code == 0
    assert "the playbook mine is not to be found any more: 1 sale keeps its text" in answer.err
    anna.does("plan", "--rebuild")


def test_many_sales_are_read_at_once(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No query for each customer where one does for all."""
    for number in range(12):
        anna.does("add", f"Buyer {number:02}", "--playbook", "saas", "--signed", "2026-01-05")
    edit(anna, LATER)
    from followup.store import Store

    calls: list[str] = []
    read = Store._all

    def counted(self: Store, sql: str, *args: object) -> object:
        calls.append(sql)
        return read(self, sql, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "_all", counted)
    assert len(anna.json("replan")["items"]) == 13
    assert len([sql for sql in calls if sql.lstrip().startswith("SELECT")]) < 60
