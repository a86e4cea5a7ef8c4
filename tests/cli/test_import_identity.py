"""Who a row is about: key, id, e-mail, name and company; nobody is merged wrongly, nobody comes in twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, WriteTable

COUNTS = ("rows", "created", "updated", "unchanged", "skipped", "sales_created")


def counts(told: Any) -> dict[str, int]:
    return {name: told[name] for name in COUNTS if told[name]}


def people(desk: Desk) -> list[tuple[str, str]]:
    """Every customer with the e-mail of the main person."""
    found = desk.json("export", "customers", "--format", "json")["items"]
    return [(one["name"], one["email"]) for one in found]


def test_one_address_for_two_people_stays_two(desk: Desk, table: WriteTable) -> None:
    """An office shares a mailbox: who has another name is another customer, also the second time."""
    path = table([{"Name": "Ann", "Email": "office@x.example"}, {"Name": "Bob", "Email": "OFFICE@x.example"}])
    assert counts(desk.json("import", path)) == {"rows": 2, "created": 2}
    assert counts(desk.json("import", path)) == {"rows": 2, "unchanged": 2}
    assert people(desk) == [("Ann", "office@x.example"), ("Bob", "OFFICE@x.example")]


def test_one_person_in_two_spellings_of_one_address_is_one(desk: Desk, table: WriteTable) -> None:
    path = table([{"Name": "Ann Lee", "Email": "ann@x.example"}, {"Name": "ANN LEE", "Email": "Ann@X.Example"}])
    assert counts(desk.json("import", path)) == {"rows": 2, "created": 1, "skipped": 1}
    assert counts(desk.json("import", path)) == {"rows": 2, "unchanged": 1, "skipped": 1}


def test_a_new_name_with_the_old_address_is_a_change(desk: Desk, table: WriteTable) -> None:
    desk.json("import", table([{"Name": "Ann Lee", "Email": "ann@x.example"}]))
    told = desk.json("import", table([{"Name": "Ann Berg", "Email": "ANN@x.example"}]))
    assert counts(told) == {"rows": 1, "updated": 1}
    assert [(one["field"], one["old"], one["new"]) for one in told["changes"]] == [("name", "Ann Lee", "Ann Berg")], (
        "an address in other letters is the same address"
    )
    assert told["changes"][0]["customer_key"] == "ann-lee"


def test_the_id_finds_who_changed_name_and_address(desk: Desk, table: WriteTable) -> None:
    """Somebody marries: the id of the other tool says that it is her."""
    row = {"Customer ID": "17", "Name": "Ann Lee", "Company": "Lee Ltd", "Email": "ann@lee.example"}
    desk.json("import", table([row]))
    married = {**row, "Name": "Ann Berg", "Email": "ann.berg@lee.example"}
    assert counts(desk.json("import", table([married]))) == {"rows": 1, "updated": 1}
    assert people(desk) == [("Ann Berg", "ann.berg@lee.example")]


def test_two_tools_that_count_from_1_are_not_mixed_up(desk: Desk, table: WriteTable) -> None:
    """An id alone is no proof: where name, company, address and phone are all others, it is somebody else."""
    first = [{"ID": "1", "Name": "Ann Lee", "Email": "ann@x.example"}]
    second = [{"ID": "1", "Name": "Kurt Wolf", "Email": "kurt@y.example"}]
    desk.json("import", table(first))
    assert counts(desk.json("import", table(second))) == {"rows": 1, "created": 1}
    assert counts(desk.json("import", table(first))) == {"rows": 1, "unchanged": 1}
    assert counts(desk.json("import", table(second))) == {"rows": 1, "unchanged": 1}


@pytest.mark.parametrize("answer", ["x", "yes", "opted out"])
def test_a_repeat_may_ask_to_be_left_alone(desk: Desk, table: WriteTable, answer: str) -> None:
    row = {"Name": "Ann", "Email": "ann@x.example", "Email Opt Out": ""}
    path = table([row, {**row, "Email Opt Out": answer}])
    desk.json("import", path)
    assert desk.json("show", "ann")["customer"]["do_not_contact"] is True
    assert counts(desk.json("import", path)) == {"rows": 2, "unchanged": 1, "skipped": 1}


def test_a_repeat_fills_what_the_first_row_left_empty(desk: Desk, table: WriteTable) -> None:
    rows = [
        {"Customer ID": "3", "Name": "", "Email": "cyd@x.example", "Phone": ""},
        {"Customer ID": "3", "Name": "Cyd", "Email": "", "Phone": "+1 555 0100"},
    ]
    path = table(rows)
    assert counts(desk.json("import", path)) == {"rows": 2, "created": 1, "updated": 1}
    page = desk.json("show", "cyd@x.example")
    assert page["customer"]["name"] == "Cyd"
    assert [(one["name"], one["phone"]) for one in page["contacts"]] == [("Cyd", "+1 555 0100")]
    assert counts(desk.json("import", path)) == {"rows": 2, "unchanged": 1, "skipped": 1}


@pytest.mark.parametrize(("first", "second"), [("Zoë", "Zoe\u0308"), ("STRASSE", "straße"), ("A  B", "a b")])
def test_one_name_in_two_spellings_is_one(desk: Desk, table: WriteTable, first: str, second: str) -> None:
    """A spreadsheet on another computer stores accents differently."""
    path = table([{"Name": first, "Email": "z@x.example"}, {"Name": second, "Email": "z@x.example"}])
    assert counts(desk.json("import", path)) == {"rows": 2, "created": 1, "skipped": 1}


def test_the_address_in_other_letters_is_no_change(desk: Desk, table: WriteTable) -> None:
    desk.json("import", table([{"Name": "Bea", "Email": "BEA@X.EXAMPLE"}]))
    assert counts(desk.json("import", table([{"Name": "Bea", "Email": "bea@x.example"}]))) == {
        "rows": 1,
        "unchanged": 1,
    }


def test_a_colleague_of_the_main_person_changes_nothing_about_the_customer(desk: Desk, table: WriteTable) -> None:
    """A row with the address of somebody else there is about that person alone."""
    desk.json("import", table([{"Name": "Ann Lee", "Company": "Lee Ltd", "Email": "ann@lee.example"}]))
    desk.does("contact", "add", "ann-lee", "Bob Lee", "--email", "bob@lee.example")
    told = desk.json("import", table([{"Name": "Bob Lee", "Email": "bob@lee.example", "Phone": "+1 555 0101"}]))
    assert [(one["field"], one["new"]) for one in told["changes"]] == [("phone", "+1 555 0101")]
    assert desk.json("show", "ann-lee")["customer"]["name"] == "Ann Lee"


def test_a_repeat_with_another_purchase_is_another_sale(desk: Desk, table: WriteTable) -> None:
    """One row for each order, as shops export them: nothing that was bought is lost."""
    ann = {"Name": "Ann", "Email": "ann@x.example", "Product": "Kettle", "Purchase date": "2025-12-01"}
    path = table([ann, {**ann, "Purchase date": "2025-12-20"}, {**ann, "Product": "Mill"}, ann])
    told = desk.json("import", path, "--playbook", "retail")
    assert counts(told) == {"rows": 4, "created": 1, "updated": 2, "skipped": 1, "sales_created": 3}
    assert counts(desk.json("import", path, "--playbook", "retail")) == {"rows": 4, "unchanged": 1, "skipped": 3}
    other_way_round = table([{**ann, "Purchase date": "2025-12-20"}, ann, {**ann, "Product": "Mill"}])
    told = desk.json("import", other_way_round, "--playbook", "retail")
    assert (told["updated"], told["sales_created"], told["changes"]) == (0, 0, []), "the order of rows says nothing"
    sold = {(one["product"], one["anchors"]["sale"]) for one in desk.json("show", "ann")["sales"]}
    assert sold == {("Kettle", "2025-12-01"), ("Kettle", "2025-12-20"), ("Mill", "2025-12-01")}


def test_deals_are_sales_and_only_won_ones(desk: Desk, table: WriteTable) -> None:
    """A table of deals: known customers are found, unknown ones made, what is not won stays out and is counted."""
    desk.json("import", table([{"Name": "Ann Lee", "Company": "Lee Ltd", "Email": "ann@lee.example"}]))
    deal = {"Deal ID": "D-1", "Deal Name": "Ledger", "Deal Stage": "Closed Won", "Amount": "1,200.50"}
    rows = [
        {**deal, "Close Date": "2025-12-01", "Associated Contact": "Ann Lee", "Associated Company": "Lee Ltd"},
        {
            **deal,
            "Deal ID": "D-2",
            "Close Date": "2025-12-08",
            "Associated Contact": "",
            "Associated Company": "Neu AG",
        },
        {
            **deal,
            "Deal ID": "D-3",
            "Deal Stage": "Closed Lost",
            "Close Date": "2025-12-08",
            "Associated Company": "Lee Ltd",
        },
    ]
    path = table(rows, "deals.csv")
    told = desk.json("import", path, "--playbook", "saas")
    assert told["kind"] == "sales"
    assert (told["created"], told["sales_created"]) == (1, 2)
    assert any("1 sale not won" in notice for notice in told["notices"])
    sales = {one["external_id"]: one for one in desk.json("export", "sales", "--format", "json")["items"]}
    assert {number: (one["customer"], one["value"]) for number, one in sales.items()} == {
        "D-1": ("Ann Lee", 1200.5),
        "D-2": ("Neu AG", 1200.5),
    }
    assert "worth 1200.5" in desk.does("show", "ann-lee")
    again = desk.json("import", path, "--playbook", "saas")
    assert (again["created"], again["updated"], again["sales_created"]) == (0, 0, 0)
    moved = [{**rows[0], "Close Date": "2025-12-02"}]
    told = desk.json("import", table(moved, "deals.csv"), "--playbook", "saas")
    assert [(one["field"], one["old"], one["new"]) for one in told["changes"]] == [
        ("sale date", "2025-12-01", "2025-12-02")
    ]


def test_the_own_table_comes_back_by_key(desk: Desk, table: WriteTable) -> None:
    """Two customers who share an address are two rows of the export, and two customers again in an empty file."""
    desk.json("import", table([{"Name": "Ann", "Email": "o@x.example"}, {"Name": "Bob", "Email": "o@x.example"}]))
    out = desk.cli.db.with_name("out.csv")
    desk.does("export", "customers", "--raw", "-o", out)
    assert counts(desk.json("import", out)) == {"rows": 2, "unchanged": 2}
    desk.cli.db.unlink()
    assert counts(desk.json("import", out)) == {"rows": 2, "created": 2}
    again = out.with_name("again.csv")
    desk.does("export", "customers", "--raw", "-o", again)
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_every_own_table_is_known_by_its_headings_and_changes_nothing(anna: Desk, form: str) -> None:
    """An export that goes in again without --kind is what it is, and no row of it is news."""
    anna.does(
        "done", "1", "concern,good", "too slow", "--concern", "slow imports", "--promise", "a price", "--by", "2w"
    )
    anna.does("reading", "add", "anna-meyer", "nps", "9")
    anna.does("log", "anna-meyer", "referral", "--referred", "Bob Berg")
    before = anna.facts()
    for kind in ("customers", "contacts", "sales", "activities", "readings", "concerns", "promises"):
        out = anna.cli.db.with_name(f"{kind}.{form}")
        anna.does("export", kind, "-o", out)
        told = anna.json("import", out)
        assert (told["kind"], told["created"], told["updated"], told["changes"]) == (kind, 0, 0, [])
        assert told["rows"] == told["unchanged"] > 0
    for kind in ("touchpoints", "referrals"):
        out = anna.cli.db.with_name(f"{kind}.{form}")
        anna.does("export", kind, "-o", out)
        anna.refuses("import", out, says=f"is a table of {kind}", hint="followup import --all")
    assert anna.facts() == before
