"""Rows of a table as customers, and what is wrong with the others (E10, TRUST 2.2, bars 20 and 21)."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.core.model.customer import Contact
from followup.errors import EXIT_USAGE, BadFileError, FollowupError
from followup.files.cells import is_placeholder
from followup.files.csv_out import rejects_records
from followup.files.customer_mapping import map_customers
from followup.files.customer_rows import CustomerReader, CustomerRow, RowProblem, read_customers
from followup.files.header_words import CUSTOMERS
from followup.files.tables import Row, read_table


def read(text: str, **options: str) -> tuple[list[CustomerRow], list[RowProblem]]:
    table = read_table(text.encode(), source_name="them.csv")
    mapping = map_customers(table, kind=options.get("kind", CUSTOMERS))
    return read_customers(table, mapping, date_format=options.get("date_format"))


def only(text: str, **options: str) -> CustomerRow:
    (row,), problems = read(text, **options)
    assert problems == []
    return row


def test_a_person_at_a_company() -> None:
    row = only(
        "Customer Id,First Name,Last Name,Company,Email,Phone,Country,Subscription Date,City\n"
        "E7,Breanna,Sheppard,Stout and Sons,z@d.example,(727)893-6178x913,Antigua and Barbuda,2021-09-11,Port G\n"
    )

    assert (row.line, row.customer.name, row.customer.company, row.customer.kind) == (
        2,
        "Breanna Sheppard",
        "Stout and Sons",
        "company",
    )
    assert (row.customer.external_id, row.customer.country, dict(row.customer.extra)) == (
        "E7",
        "AG",
        {"City": "Port G"},
    )
    assert row.contacts == (
        Contact(
            name="Breanna Sheppard",
            first_name="Breanna",
            email="z@d.example",
            phone="(727)893-6178x913",
            is_main=True,
        ),
    )
    assert row.anchors == {"sale": date(2021, 9, 11)}
    assert row.given >= {"external_id", "first_name", "last_name", "company", "email", "phone", "country"}


@pytest.mark.parametrize(
    ("row", "name", "kind", "contacts"),
    [
        ("Ann Lee,,,", "Ann Lee", "person", ["Ann Lee"]),
        (",Lee Ltd,,", "Lee Ltd", "company", []),
        (",Lee Ltd,,030 555 0101", "Lee Ltd", "company", ["Lee Ltd"]),
        (",,ann@lee.example,", "ann@lee.example", "person", ["ann@lee.example"]),
        (",,,030 555 0101", "030 555 0101", "person", ["030 555 0101"]),
        ("-2+3 Consulting,,,", "-2+3 Consulting", "person", ["-2+3 Consulting"]),
        ('"=HYPERLINK(""http://x"",""A"")",,,', '=HYPERLINK("http://x","A")', "person", ['=HYPERLINK("http://x","A")']),
        ('"[VIP] Núñez\n[/b]",,,', "[VIP] Núñez\n[/b]", "person", ["[VIP] Núñez\n[/b]"]),
        ("李 小龍,華夏,,", "李 小龍", "company", ["李 小龍"]),
        ("NULL,None,,", "NULL", "company", ["NULL"]),
    ],
)
def test_what_a_customer_is_called(row: str, name: str, kind: str, contacts: list[str]) -> None:
    """The person, else the company, else the address: and every one of them is text, whatever it looks like."""
    found = only(f"Name,Company,Email,Phone\n{row}\n")

    assert (found.customer.name, found.customer.kind) == (name, kind)
    assert [contact.name for contact in found.contacts] == contacts


def test_nothing_in_a_row_is_lost() -> None:
    row = only(
        "First Name,Last Name,Organization Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone,Mobile,Fax,"
        "Job Title,Country,Company,Lead Status\n"
        "Grace,Okafor,Okafor Ltd,* Work,g@o.example ::: g2@home.example,g3@o.example,,0800 ::: 0801,0802,"
        "Buyer,Korea,Okafor Group,OPEN\n"
    )

    (contact,) = row.contacts
    assert (contact.email, contact.phone, contact.role) == ("g@o.example", "0800", "")
    assert row.customer.company == "Okafor Group"
    assert dict(row.customer.extra) == {
        "E-mail 1 - Label": "* Work",
        "Fax": "0802",
        "Lead Status": "OPEN",
        "Organization Name": "Okafor Ltd",
        "E-mail 1 - Value": "g2@home.example",
        "E-mail 2 - Value": "g3@o.example",
        "Mobile": "0801",
        "Job Title": "Buyer",
        "country": "Korea",
    }


def test_the_first_filled_column_wins() -> None:
    row = only("Name,Phone,Mobile,Home Country,Business Country\nAnn,,418-555-0103,France,\n")

    assert (row.contacts[0].phone, row.customer.country, dict(row.customer.extra)) == ("418-555-0103", "FR", {})


def test_everything_else_that_a_sale_needs() -> None:
    row = only(
        "name,playbook,product,goal,signed,live,renewal,warranty,anchor:inspection,next contact,last contact,"
        "usage,tier,role,channel,tags,notes,timezone,kind\n"
        'Ann,saas,Ledger,"close fast, well",2026-01-05,2026-01-12,2027-01-05,2028-01-05,2026-06-01,2026-12-01,'
        "2026-11-02 09:30,HEAVY,a,Decision maker,call,pilot;fair,likes tea,Europe/Berlin,person\n"
    )

    assert (row.playbook, row.product, row.goal) == ("saas", "Ledger", "close fast, well")
    assert row.anchors == {
        "sale": date(2026, 1, 5),
        "live": date(2026, 1, 12),
        "renewal": date(2027, 1, 5),
        "warranty": date(2028, 1, 5),
        "inspection": date(2026, 6, 1),
    }
    assert (row.next_contact_on, row.last_contact_on) == (date(2026, 12, 1), date(2026, 11, 2))
    customer, contact = row.customer, row.contacts[0]
    assert (customer.usage, customer.tier, customer.tags, customer.notes) == (
        "heavy",
        "A",
        ("pilot", "fair"),
        "likes tea",
    )
    assert (customer.timezone, customer.kind, contact.role, contact.channel) == (
        "Europe/Berlin",
        "person",
        "decider",
        "phone",
    )
    assert row.given >= {"usage", "tier", "tags", "notes", "timezone", "kind", "role", "channel"}


def test_a_row_says_which_fields_it_really_fills() -> None:
    """An import may only change what the file says: an empty tier is not tier B."""
    row = only("Name,Tier,Usage,Tags\nAnn,,light,\n")

    assert row.given == {"name", "usage"}
    assert (row.customer.tier, row.customer.usage) == ("B", "light")


@pytest.mark.parametrize(
    ("header", "cell", "out", "kept"),
    [
        ("do_not_contact", "yes", True, {}),
        ("do_not_contact", "no", False, {}),
        ("Email Opt Out", "true", True, {"Email Opt Out": "true"}),
        ("Email Opt Out", "0", False, {}),
        ("OK to contact", "no", True, {"OK to contact": "no"}),
        ("UNSUB_TIME", "2026-01-02 10:00:00", True, {"UNSUB_TIME": "2026-01-02 10:00:00"}),
        ("Email Marketing Status", "Unsubscribed", True, {"Email Marketing Status": "Unsubscribed"}),
        ("Email Marketing Status", "Bounced", False, {"Email Marketing Status": "Bounced"}),
        (
            "Marketing contact status",
            "Non-marketing contact",
            False,
            {"Marketing contact status": "Non-marketing contact"},
        ),
        ("Accepts Email Marketing", "no", False, {"Accepts Email Marketing": "no"}),
    ],
)
def test_a_wish_to_be_left_alone_is_kept_and_a_missing_consent_is_not_one(
    header: str, cell: str, out: bool, kept: dict[str, str]
) -> None:
    row = only(f"Name,{header}\nAnn,{cell}\n")

    assert (row.customer.do_not_contact, dict(row.customer.extra)) == (out, kept)


def test_any_of_several_opt_outs_counts() -> None:
    rows, _ = read("Name,Email Opt Out,Do Not Call\nAnn,0,0\nBob,0,1\nCy,1,0\nDee,,\n")

    assert [row.customer.do_not_contact for row in rows] == [False, True, True, False]


BAD = """\
Name,Email,Signed,Live,Tier,Do Not Contact
Ann,ann@x.example,2026-01-02,2026-01-09,A,no
Bob,bob,2026-02-30,,A,no
"Cy
Cy",c@x.example,soon,,A,perhaps
Dee,d@x.example,2026-01-02
,,,,A,
Eve,e@x.example,2026-01-02,,AA,
"""


def test_every_fault_of_every_row_is_told_with_its_line_and_column() -> None:
    """Bar 21: k of n bad, each with its physical line."""
    good, bad = read(BAD)

    assert [row.customer.name for row in good] == ["Ann"]
    assert [(p.line, p.column, p.value, p.message, p.hint) for p in bad] == [
        (3, "Email", "bob", "'bob' is not an e-mail address", "write name@host, or leave the cell empty"),
        (3, "Signed", "2026-02-30", "'2026-02-30' is not a day of the calendar", "write dates as 2026-12-01"),
        (4, "Signed", "soon", "'soon' is not a whole date", "write dates as 2026-12-01"),
        (4, "Do Not Contact", "perhaps", "'perhaps' is neither yes nor no", "write yes or no"),
        (
            6,
            "",
            "",
            "this row has 3 cells, the headings have 6",
            "give the row as many cells as there are headings, and quote cells with the delimiter in",
        ),
        (
            7,
            "",
            "",
            "this row has no name, no company, no e-mail and no phone",
            "fill in a name, a company or an e-mail, or delete the row",
        ),
        (8, "Tier", "AA", "'AA' is not a tier", "write one of A, B, C"),
    ]


def test_rejected_rows_can_be_mended_and_imported_again() -> None:
    """Bar 21: a rejects file of k rows; guarded cells come back as they were."""
    text = BAD.replace("Bob,bob", '"=Bob()",bob')
    table = read_table(text.encode())
    _, bad = read_customers(table, map_customers(table))
    said: dict[int, tuple[str, tuple[str, ...]]] = {}
    for problem in bad:
        before = f"{said[problem.line][0]}; " if problem.line in said else ""
        said[problem.line] = (f"{before}{problem.column}: {problem.message}", problem.cells)
    rejects = "".join(rejects_records(table.headers, [said[line] for line in sorted(said)]))
    again = read_table(rejects.encode())
    _, still_bad = read_customers(again, map_customers(again))
    mended = rejects.replace(",bob,2026-02-30", ",bob@x.example,2026-02-28")
    good, _ = read_customers(read_table(mended.encode()), map_customers(read_table(mended.encode())))

    assert [row.cells[1] for row in again.rows] == ["=Bob()", "Cy\nCy", "Dee", "", "Eve"]
    assert next(again.rows).cells[0].startswith("Email: 'bob' is not an e-mail address; Signed: '2026-02-30'")
    assert [problem.message for problem in still_bad if problem.column] == [p.message for p in bad if p.column]
    assert len({problem.line for problem in still_bad}) == len({problem.line for problem in bad}) == 5
    assert [row.customer.name for row in good] == ["=Bob()"]


def test_a_date_column_that_may_be_read_two_ways_is_refused_with_all_such_columns() -> None:
    """TRUST 2.3: nothing is guessed; `--date-format` decides."""
    text = "Name,Signed,Live,Renewal\nAnn,03/04/2026,05/06/2026,31/12/2026\nBob,2026-01-02,,01/02/2027\n"
    with pytest.raises(BadFileError) as caught:
        read(text)

    assert caught.value.sentence == (
        "them.csv, column 'Signed': 03/04/2026 (line 2) may be 3 April or 4 March, and no other cell tells"
    )
    assert caught.value.hint == "say which it is: --date-format dmy, or --date-format mdy"
    assert [(p.line, p.message[:13]) for p in caught.value.problems] == [(2, "column 'Signe"), (2, "column 'Live'")]
    assert read(text, date_format="dmy")[0][0].anchors["sale"] == date(2026, 4, 3)
    good, bad = read(text, date_format="mdy")
    assert [row.anchors["sale"] for row in good] == [date(2026, 1, 2)]
    assert [problem.message for problem in bad] == ["'31/12/2026' is no date in the order month, day, year"]


def test_a_date_format_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(FollowupError, match="there is no date format 'dym'") as caught:
        read("Name\nAnn\n", date_format="dym")

    assert caught.value.exit_code == EXIT_USAGE


def test_one_cell_decides_for_its_own_column_only() -> None:
    good, _ = read("Name,Signed,Last contact\nAnn,03/04/2026,2026-02-01\nBob,13/04/2026,\n")

    assert [row.anchors["sale"] for row in good] == [date(2026, 4, 3), date(2026, 4, 13)]


def test_a_table_without_rows_gives_no_customers() -> None:
    assert read("Name,Email\n") == ([], [])


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)


@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=8))
def test_names_notes_and_other_columns_keep_every_character(rows: list[tuple[str, str, str]]) -> None:
    """Bar 18: customer text is data."""
    text = io.StringIO()
    plain = ("Ann Lee of Lee Ltd", "a note as most of them are " * 20, "42")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("Name", "Notes", "Shoe size"), *rows, plain])
    good, bad = read(text.getvalue())
    assert good.pop().customer.notes == plain[1]
    kept = [row for row in rows if "".join(row).strip()]

    named = [row for row in kept if row[0].strip()]
    assert [row.customer.name for row in good] == [name for name, _, _ in named]
    assert [row.customer.notes for row in good] == [notes if notes.strip() else "" for _, notes, _ in named]
    assert [row.customer.extra.get("Shoe size", "") for row in good] == [s if s.strip() else "" for _, _, s in named]
    assert len(bad) == len(kept) - len(named)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_good_rows_and_bad_rows_add_up(pattern: list[bool]) -> None:
    """Bar 21: n rows, k bad ones: n - k customers and k lines."""
    rows = [f"P{number},{'p@x.example' if ok else 'p@x@'}\n" for number, ok in enumerate(pattern)]
    good, bad = read("Name,Email\n" + "".join(rows))

    assert [row.line for row in good] == [line for line, ok in enumerate(pattern, start=2) if ok]
    assert [problem.line for problem in bad] == [line for line, ok in enumerate(pattern, start=2) if not ok]


def test_own_extra_column_is_read_back() -> None:
    text = 'key,name,external_id,id,extra\nann,Ann,C1,7,"{""City"": ""Bern"", ""n"": 3}"\n'
    row = only(text)

    assert (row.customer.key, row.customer.external_id, dict(row.customer.extra)) == (
        "ann",
        "C1",
        {"City": "Bern", "n": "3"},
    )


def test_rows_are_read_one_at_a_time() -> None:
    """A reader keeps nothing of a row: a million of them need no more memory than one."""
    table = read_table(b"Name,Email,Signed\nAnn,ann@x.example,13/01/2026\nBob,bob,1.1.2026\n,,\n")
    reader = CustomerReader(table, map_customers(table))
    ann, bob = (reader.read(row) for row in table.rows)

    assert isinstance(ann, CustomerRow)
    assert ann.anchors == {"sale": date(2026, 1, 13)}
    assert isinstance(bob, tuple)
    assert [problem.column for problem in bob] == ["Email"]
    assert isinstance(reader.read(Row(9, ("", "", ""))), tuple)
    assert isinstance(reader.read(Row(9, ("x",), "this row has 1 cell, the headings have 3")), tuple)
    assert reader.read(next(table.rows)) == ann


@pytest.mark.parametrize(
    ("row", "name", "company", "kind"),
    [
        ("-,Lee Ltd,,", "Lee Ltd", "Lee Ltd", "company"),
        ("n/a,Lee Ltd,,", "Lee Ltd", "Lee Ltd", "company"),
        ("Ann Lee,(blank),,", "Ann Lee", "", "person"),
        (",--,ann@x.example,", "ann@x.example", "", "person"),
        (",N/A,,030 555 0101", "030 555 0101", "", "person"),
        ("NULL,,ann@x.example,", "NULL", "", "person"),
        ("-,,,", "-", "", "person"),
        (",-,,", "-", "-", "company"),
        ("Ann Lee,NULL,,", "Ann Lee", "NULL", "company"),
        ("None Ltd,None,,", "None Ltd", "None", "company"),
    ],
)
def test_a_sign_for_nothing_is_no_name_where_the_row_says_more(row: str, name: str, company: str, kind: str) -> None:
    found = only(f"Name,Company,Email,Phone\n{row}\n").customer

    assert (found.name, found.company, found.kind) == (name, company, kind)


@pytest.mark.parametrize("word", ["NULL", "None", "nan", "undefined"])
def test_a_word_for_nothing_is_nothing_where_the_column_says_it_again_and_again(word: str) -> None:
    """One company may well be called None; a column full of them came out of a database."""
    rows = "".join(f"Ann {number},{word},ann{number}@lee.example\n" for number in range(3))
    good, _ = read(f"Name,Company,Email\n{rows}Bea,Lee Ltd,bea@lee.example\n")

    assert [row.customer.company for row in good] == ["", "", "", "Lee Ltd"]


def test_several_odd_names_are_no_column_of_nothing() -> None:
    rows = "".join(f"Ann {word},{word},ann@{word}.example\n" for word in ("NULL", "None", "nan", "undefined"))
    good, _ = read(f"Name,Company,Email\n{rows}")

    assert [row.customer.company for row in good] == ["NULL", "None", "nan", "undefined"]


@pytest.mark.parametrize(
    ("row", "name", "first"),
    [
        ("Ann,-", "Ann", "Ann"),
        ("Jennifer,Null", "Jennifer Null", "Jennifer"),
        (".,Lee", "Lee", ""),
        ("Na,Li", "Na Li", "Na"),
        ("Ann,", "Ann", "Ann"),
    ],
)
def test_parts_of_a_name(row: str, name: str, first: str) -> None:
    """Null, None and Na are names of people; a lone sign stands where a tool asked for a last name."""
    found = only(f"First Name,Last Name,Email\n{row},a@x.example\n")

    assert (found.customer.name, found.contacts[0].first_name) == (name, first)


def test_a_phone_that_says_nothing_is_none() -> None:
    row = only("Name,Phone,Mobile\nAnn,n/a,0170 555 0102\n")

    assert (row.contacts[0].phone, dict(row.customer.extra)) == ("0170 555 0102", {})


def test_in_own_tables_every_text_is_meant() -> None:
    row = only("key,name,company,phone\nnull,NULL,n/a,--\n")

    assert (row.customer.name, row.customer.company, row.contacts[0].phone) == ("NULL", "n/a", "--")


@pytest.mark.parametrize(
    ("row", "name", "email", "extra"),
    [
        (",,Ann Lee <ann@x.example>", "Ann Lee", "ann@x.example", {}),
        ("Ann Lee,,Ann Lee <ann@x.example>", "Ann Lee", "ann@x.example", {}),
        ("Ann Lee,,Office <ann@x.example>", "Ann Lee", "ann@x.example", {"Email": "Office <ann@x.example>"}),
        (",Lee Ltd,Ann <ann@x.example>", "Lee Ltd", "ann@x.example", {"Email": "Ann <ann@x.example>"}),
        ("Ann,,a@x.example; Bo <b@x.example>", "Ann", "a@x.example", {"Email": "Bo <b@x.example>"}),
        ("Ann,,/O=EXCHANGE/OU=X/CN=ANN", "Ann", "", {"Email": "/O=EXCHANGE/OU=X/CN=ANN"}),
        ("Ann Lee (ann@x.example),,", "Ann Lee", "ann@x.example", {}),
    ],
)
def test_the_name_beside_an_address_is_kept(row: str, name: str, email: str, extra: dict[str, str]) -> None:
    found = only(f"Name,Company,Email\n{row}\n")

    assert (found.customer.name, found.contacts[0].email, dict(found.customer.extra)) == (name, email, extra)


def test_an_extra_of_its_own_and_a_column_of_that_name_both_stay() -> None:
    text = 'key,name,extra,City,Country\nann,Ann,"{""City"": ""Bern"", ""country"": ""x""}",Basel,Atlantis\n'

    assert dict(only(text).customer.extra) == {
        "City": "Bern",
        "City (2)": "Basel",
        "country": "x",
        "country (2)": "Atlantis",
    }


@pytest.mark.parametrize("cell", ["-", "n/a", "0000-00-00", "0/0/00", "Never", " ", "(blank)"])
def test_a_date_that_says_nothing_is_none(cell: str) -> None:
    """Address books write 0/0/00 where there is no date; it decides nothing about its column either."""
    rows, bad = read(f"Name,Last contacted,Signed\nAnn,{cell},{cell}\nBob,13/11/2026,46104\n")

    assert bad == []
    assert (rows[0].last_contact_on, dict(rows[0].anchors)) == (None, {})
    assert (rows[1].last_contact_on, rows[1].anchors["sale"]) == (date(2026, 11, 13), date(2026, 3, 23))


@pytest.mark.parametrize(
    ("cells", "values", "extras"),
    [
        (["1.234,56 €", "1.234 €"], [1234.56, 1234.0], ["1.234,56 €", "1.234 €"]),
        (["1,234", "12"], [None, 12.0], ["1,234", None]),
        (["12k", "900", "800"], [None, 900.0, 800.0], ["12k", None, None]),
        (["", "900"], [None, 900.0], [None, None]),
    ],
)
def test_what_a_sale_is_worth(cells: list[str], values: list[float | None], extras: list[str | None]) -> None:
    """A thousand that may be a one is no reason to refuse the row: the text is kept, and so is a currency."""
    rows, bad = read("Name,Deal value\n" + "".join(f'Ann,"{cell}"\n' for cell in cells))

    assert bad == []
    assert [row.value for row in rows] == values
    assert [row.customer.extra.get("Deal value") for row in rows] == extras


@pytest.mark.parametrize(
    ("cells", "won"),
    [
        ("Won,Negotiation", True),
        ("Lost,Closed Won", False),
        (",Closed Won", True),
        ("Custom,Another one", False),
        (",", None),
    ],
)
def test_what_became_of_a_deal(cells: str, won: bool | None) -> None:
    """The status speaks before the stage; a stage with a name of its own is not won yet; nothing is no answer."""
    row = only(f"Deal Name,Status,Stage,Company\nLedger,{cells},Lee Ltd\n", kind="sales")

    assert (row.won, row.product, row.customer.name) == (won, "Ledger", "Lee Ltd")
    assert only("Deal Name,Company\nLedger,Lee Ltd\n", kind="sales").won is None


def test_anchors_of_an_own_table_are_refused_where_they_are_no_dates() -> None:
    text = 'customer,customer_key,anchors\nAnn,ann,"{""sale"": ""soon""}"\nBob,bob,[]\n'
    _, bad = read(text, kind="sales")

    assert [(p.line, p.column, p.message) for p in bad] == [
        (2, "anchors", "the date sale is 'soon'"),
        (3, "anchors", "this is not a JSON object"),
    ]


HOSTILE = st.one_of(
    st.sampled_from(
        [
            *("=cmd|' /C calc'!A0", "@SUM(1)", "+1-1", "-2+3", "\t=1", "[/b]", "{{7*7}}", "$name", "%s", "NULL", "-"),
            *("\u202eexe.gpj", "👩‍💻", "a\u0000b", "\x1b[2J", "x" * 1000, "Robert'); DROP TABLE", "../../etc", "  a"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=40),
)


@given(HOSTILE, HOSTILE)
def test_hostile_names_come_in_as_they_are(name: str, company: str) -> None:
    """Bar 18: a name is text, whatever it looks like, and what it says nothing of is not lost."""
    table = read_table(b"Name,Company,Email\nAnn,Lee Ltd,a@x.example\n")
    found = CustomerReader(table, map_customers(table)).read(Row(2, (name, company, "")))
    if not (name + company).strip():
        assert isinstance(found, tuple)
        return
    assert isinstance(found, CustomerRow)
    if name.strip() and not is_placeholder(name):
        assert found.customer.name == name
    if company.strip() and not is_placeholder(company):
        assert found.customer.company == company


OWN = "id,key,name,company,kind,email,phone,tags,do_not_contact,external_id\n"


@pytest.mark.parametrize("phone", [":", "12345;67890", "123 ", " 123", "'+15550101", "4.42056E+11", "-", "tel:123456"])
def test_phones_of_own_tables_are_taken_as_they_are(phone: str) -> None:
    row = only(f'{OWN}1,k-1,Ann,,person,,"{phone}",,false,\n')

    assert (row.contacts[0].phone, dict(row.customer.extra)) == (phone, {})


@pytest.mark.parametrize("name", ["Ann (a@b)", "Ann (a@b.example);Bo (b@b.example)", " Ann ", "n/a"])
def test_names_of_own_tables_are_taken_as_they_are(name: str) -> None:
    row = only(f'{OWN}1,k-1,"{name}",,person,,555 0101,,false," 7 "\n')

    assert (row.customer.name, row.contacts[0].name, row.contacts[0].email) == (name, name, "")
    assert (row.customer.external_id, dict(row.customer.extra)) == (" 7 ", {})


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("'+15555550101", "+15555550101"),
        ("'0301234567", "0301234567"),
        ('="0301234567"', "0301234567"),
        ('="+49 30 1234567"', "+49 30 1234567"),
        ("tel:+49301234567", "+49301234567"),
        ("TEL: 030 1234567", "030 1234567"),
        (" +49 (30) 123-4567 ext. 8 ", "+49 (30) 123-4567 ext. 8"),
        ("''0301234567", "''0301234567"),
        ("'ask Ann 12345", "'ask Ann 12345"),
        ('="ask Ann 12345"', '="ask Ann 12345"'),
        ("1.800.555.0101", "1.800.555.0101"),
    ],
)
def test_what_is_wrapped_for_spreadsheets_is_a_phone_itself(cell: str, phone: str) -> None:
    """Digits, blanks and signs of the phone are never touched."""
    quoted = cell.replace('"', '""')
    row = only(f'Name,Phone\nAnn,"{quoted}"\n')

    assert row.contacts[0].phone == phone


def test_ids_wrapped_for_spreadsheets_are_the_ids_themselves() -> None:
    row = only('Customer ID,Name,Notes\n"=""00042""",Ann,"=""00042"""\n')

    assert (row.customer.external_id, row.customer.notes) == ("00042", '="00042"')
    assert only('Customer ID,Name\n"=""A-42""",Ann\n').customer.external_id == '="A-42"'


@pytest.mark.parametrize("cell", ["4.42056E+11", "4,42056E+11", "4.42E+11", "4E+11", "4.9e11"])
def test_a_phone_that_a_spreadsheet_rounded_is_none_any_more(cell: str) -> None:
    """It stays where nothing is lost, and the notice says so once for the column."""
    table = read_table(f'Name,Phone,Mobile\nAnn,"{cell}",0170 555 0101\nBo,"{cell}",\nCyd,030 555 0102,\n'.encode())
    reader = CustomerReader(table, map_customers(table))
    first, second, third = (found for row in table.rows if isinstance(found := reader.read(row), CustomerRow))

    assert (first.contacts[0].phone, dict(first.customer.extra)) == ("0170 555 0101", {"Phone": cell})
    assert (second.customer.name, second.contacts[0].phone) == ("Bo", "")
    assert third.contacts[0].phone == "030 555 0102"
    assert [notice for notice in reader.notices if cell in notice and "line 2" in notice] == reader.notices
    assert len(reader.notices) == 1
