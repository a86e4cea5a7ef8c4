"""A mapping of columns as a file: as people write it, and as an import saves it (`--map`, `--save-map`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.errors import BadFileError, NotFoundError
from followup.files.customer_mapping import CustomerMapping, guess_mapping, looks_like_sales, map_customers
from followup.files.header_words import CUSTOMERS, SALES
from followup.files.mapping_file import mapping_text, read_mapping_file
from followup.files.tables import Row, read_table

EXPORTS = sorted((Path(__file__).parent / "exports").glob("*.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "# mine\nemail = Work Mail\nanchor:service = Due: next\nnotes: -\n",
        "email: Work Mail\r\n\r\nanchor:service = Due: next\r\nnotes: '-'\r\n",
        '{"email": "Work Mail", "anchor:service": "Due: next", "notes": "-"}',
        'email = "Work Mail"\nanchor:service: "Due: next"\nnotes=-',
    ],
)
def test_a_mapping_file_is_written_as_people_write_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.txt"
    path.write_bytes(text.encode())

    assert read_mapping_file(path) == {"email": "Work Mail", "anchor:service": "Due: next", "notes": "-"}


def test_a_mapping_file_tells_all_its_bad_lines(tmp_path: Path) -> None:
    path = tmp_path / "map.txt"
    path.write_text("email = A\nnonsense\nemail = B\n", encoding="utf-8")
    with pytest.raises(BadFileError) as caught:
        read_mapping_file(path)

    assert [str(problem) for problem in caught.value.problems] == [
        "map.txt:2: expected a line such as: email = E-mail Address",
        "map.txt:3: email is mapped twice",
    ]


@pytest.mark.parametrize("text", ['{"email": 1}', '["email"]x', '{"email": '])
def test_a_broken_json_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFileError):
        read_mapping_file(path)


def test_a_missing_mapping_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file"):
        read_mapping_file(tmp_path / "none.txt")


def again(mapping: CustomerMapping, path: Path, rows: list[Row]) -> CustomerMapping:
    path.write_text(mapping_text(mapping), encoding="utf-8", newline="")
    return guess_mapping(mapping.headers, rows, explicit=read_mapping_file(path), kind=mapping.kind)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: path.stem)
def test_a_saved_mapping_reads_back_as_the_same(export: Path, tmp_path: Path) -> None:
    """For every export of bar 20."""
    table = read_table(export)
    mapping = map_customers(table, kind=SALES if looks_like_sales(table.headers) else CUSTOMERS)

    assert again(mapping, tmp_path / "map.txt", table.sample()) == mapping


def test_what_the_user_left_out_stays_left_out(tmp_path: Path) -> None:
    table = read_table(b"Name,Email,Phone,Mobile,Notes,City\nAnn,a@x.example,030 555 01,0170 555 02,hm,Bern\n")
    mapping = map_customers(table, {"notes": "-", "phone": "Mobile"})
    text = mapping_text(mapping)

    assert text.splitlines()[5:] == [
        "name = Name",
        "email = Email",
        "phone = Mobile",
        "notes = -",
        "",
        "# Columns that fill no field; they are kept with the customer:",
        "# Phone",
        "# Notes",
        "# City",
    ]
    assert again(mapping, tmp_path / "map.txt", table.sample()) == mapping


def test_a_saved_mapping_of_sales_says_what_it_is_for() -> None:
    table = read_table(b"Deal Name,Close Date,Company\nLedger,2026-01-02,Lee Ltd\n")

    assert "--kind sales" in mapping_text(map_customers(table, kind=SALES))
    assert "--kind" not in mapping_text(map_customers(table))


FIELD_NAMES = ["name", "email", "email_2", "email_3", "phone", "phone_2", "notes", "signed", "anchor:inspection"]


@given(
    headers=st.lists(
        st.one_of(
            st.text(min_size=1, max_size=12),
            st.sampled_from(
                ['"quoted"', "a = b", "# no comment", " blank ", "-", " ", "two\nlines", "email (2)", "column 2", "'"]
            ),
        ),
        min_size=len(FIELD_NAMES),
        max_size=len(FIELD_NAMES) + 4,
        unique=True,
    ),
    order=st.permutations(range(len(FIELD_NAMES))),
)
def test_any_heading_can_be_said_in_the_file(
    headers: list[str], order: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Quotes, signs, blanks, line ends, control characters and lone surrogates in headings."""
    columns: dict[str, tuple[int, ...]] = {}
    for name, column in zip(FIELD_NAMES, order, strict=True):
        field = name.removesuffix("_2").removesuffix("_3")
        columns[field] = (*columns.get(field, ()), column)
    mapping = CustomerMapping(headers=tuple(headers), columns=columns)

    found = again(mapping, tmp_path_factory.mktemp("maps") / "map.txt", [])

    assert dict(found.columns) == columns
