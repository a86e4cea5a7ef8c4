"""JSON as a table: objects become rows, nothing is rounded, and what is no JSON is told by its line."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.errors import BadFileError
from followup.files.tables import Row, Table, delimiter_name, read_table


def table_of(text: str) -> Table:
    return read_table(text.encode())


def dicts(table: Table) -> list[dict[str, str]]:
    return [{name: cell for name, cell in zip(table.headers, row.cells, strict=True) if cell} for row in table.rows]


OWN_HEAD = '{"schema": "followup.export/1", "today": "2026-11-22", "kind": "customers", "items": [\n'
ANN_AND_BOB = [{"name": "Ann", "email": "ann@x.example"}, {"name": "Bob", "phone": "+49 89"}]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"name": "Ann", "email": "ann@x.example"}\n{"name": "Bob", "phone": "+49 89"}\n', [1, 2]),
        ('\n{"name": "Ann", "email": "ann@x.example"}\r\n\r\n{"name": "Bob", "phone": "+49 89"}', [2, 4]),
        ('[{"name": "Ann", "email": "ann@x.example"}, {"name": "Bob", "phone": "+49 89"}]', [1, 1]),
        (json.dumps(ANN_AND_BOB, indent=2), [2, 6]),
        (
            OWN_HEAD + '{"name": "Ann", "email": "ann@x.example"},\n{"name": "Bob", "phone": "+49 89"}\n]}\n',
            [2, 3],
        ),
        (json.dumps({"total": 2, "results": ANN_AND_BOB, "paging": {"next": None}}, indent=1), [4, 8]),
        ('\ufeff[{"name": "Ann", "email": "ann@x.example"}\n, {"name": "Bob", "phone": "+49 89"}]\n', [1, 2]),
    ],
    ids=["lines", "lines with gaps", "one line", "pretty", "own export", "of an interface", "mark"],
)
def test_every_layout_of_objects_gives_the_same_rows(text: str, lines: list[int]) -> None:
    table = table_of(text)

    assert table.headers == ("name", "email", "phone")
    assert list(table.rows) == [
        Row(lines[0], ("Ann", "ann@x.example", "")),
        Row(lines[1], ("Bob", "", "+49 89")),
    ]
    assert list(table.rows) == list(table.rows)
    assert table.dialect.delimiter == ""
    assert delimiter_name("") == "JSON"
    assert table.header_line == lines[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_encoding_of_unicode_will_do(encoding: str) -> None:
    table = read_table('[{"name": "Zoë 李"}]'.encode(encoding))

    assert next(table.rows).cells == ("Zoë 李",)
    assert table.dialect.encoding == encoding


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ('"01234"', "01234"),
        ("1.50", "1.50"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("1e5", "1e5"),
        ("-0", "-0"),
        ("true", "true"),
        ("false", "false"),
        ("null", ""),
        ("[]", ""),
        ("{}", ""),
        ('["a"]', "a"),
        ('["a", "b c"]', "a ::: b c"),
        ('["a", "b, c"]', '["a", "b, c"]'),
        ('["a:::b", "c"]', '["a:::b", "c"]'),
        ("[1, 2.50]", "1 ::: 2.50"),
        ('[{"a": 1.0}, null]', '[{"a": 1.0}, null]'),
        ('"\\ud83d\\ude00"', "😀"),
        ('"a\\nb"', "a\nb"),
    ],
)
def test_values_become_cells_to_the_letter(value: str, cell: str) -> None:
    assert next(table_of(f'{{"name": "x", "value": {value}}}').rows).cells == ("x", cell)


def test_objects_in_objects_get_headings_of_their_own_but_not_those_of_followup() -> None:
    text = '{"name": "Ann", "address": {"city": "X", "geo": {"lat": 1.0}}, "extra": {"a": 1.50, "b": ["c"]}}'
    table = table_of(text)

    assert table.headers == ("name", "address.city", "address.geo.lat", "extra")
    assert next(table.rows).cells == ("Ann", "X", "1.0", '{"a": 1.50, "b": ["c"]}')


def test_an_object_with_a_list_that_is_a_customer_itself_is_one_row() -> None:
    assert table_of('{"name": "Acme", "items": [{"a": 1}]}').headers == ("name", "items")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"name": "A"}\n{"name": "B", "name": "C"}\n', 2, "the key 'name' stands twice in one object"),
        ('{"a.b": 1, "a": {"b": 2}}', 1, "the key 'a.b' stands twice in one object"),
        ('{"name": "A"}\n{"name": "B",}\n', 2, "this is not JSON: a key in double quotes is missing"),
        ('{"name": "A"}\n{"name": "B"\n', 3, "this is not JSON: a comma is missing"),
        ("{'name': 'A'}", 1, "this is not JSON: a key in double quotes is missing"),
        ('{"name": 01234}', 1, "this is not JSON: a comma is missing"),
        ('{"name": "A\nB"}', 1, "this is not JSON: a line end or control character stands in a text"),
        ('{"name": NaN}', 1, "NaN is no number of JSON"),
        ('[{"name": "A"},\n5]', 2, "this is not a JSON object"),
        ('["a", "b"]', 1, "this is not a JSON object"),
        ('[{"name": "A"}\n{"name": "B"}]', 2, "a comma is missing"),
        ('[{"name": "A"},\n{"name": "B"}\n', 3, "the list has no end: it was cut off"),
        ('[{"name": "A"},\n{"name": "B', 2, "this is not JSON: the text that begins here has no end"),
        ('[{"name": "A"}]\nxx', 2, "something follows the end of the list"),
        (
            '{"schema": "followup.export/1", "items": [\n{"name": "A"}\n]',
            3,
            "the outer object has no end: it was cut off",
        ),
        ('{"name": "a\\u0000b"}', 1, "a text holds a NUL character"),
        ('{"name": "a\\ud800b"}', 1, "a text holds half a character (a lone surrogate)"),
        ('{"a\\ud800": "b"}', 1, "a text holds half a character (a lone surrogate)"),
        ('{"a": ' + "[" * 31 + "]" * 31 + "}", 1, "objects and lists stand more than 30 deep in one another"),
        ('{"a": ' * 31 + "1" + "}" * 31, 1, "objects and lists stand more than 30 deep in one another"),
        ('{"a": ' + "[" * 100_000, 1, "objects and lists stand more than 30 deep in one another"),
        ("{" + ", ".join(f'"k{n}": 1' for n in range(2001)) + "}", 1, "the objects have more than 2000 keys"),
        ('{"a": "' + "x" * 9_000_000 + '"}', 1, "the object is longer than 8 MiB"),
    ],
)
def test_what_cannot_be_read_safely_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(BadFileError) as caught:
        table_of(text)

    assert caught.value.sentence == f"input, line {line}: {message}"
    assert caught.value.hint


def test_thirty_deep_is_not_too_deep() -> None:
    assert next(table_of('{"a": ' + "[" * 29 + '"x"' + "]" * 29 + "}").rows).cells[0].startswith("[[[[")


@pytest.mark.parametrize("text", ["[]", '{"schema": "followup.export/1", "kind": "customers", "items": []}\n'])
def test_a_list_of_nothing_is_a_table_of_no_rows(text: str) -> None:
    table = table_of(text)

    assert (table.headers, list(table.rows)) == ((), [])
    assert table.notices == ("there is no object in the file, and so no row",)


@pytest.mark.parametrize("text", ["{name},{email}\nAnn,a@x.example\n", "[Name],[E-Mail]\nAnn,a@x.example\n"])
def test_headings_in_brackets_are_no_json(text: str) -> None:
    assert next(table_of(text).rows).cells == ("Ann", "a@x.example")


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
objects = st.lists(st.dictionaries(st.sampled_from(["name", "email", "a b", "é"]), texts, min_size=1), max_size=6)


@given(objects, st.sampled_from(["lines", "list", "pretty", "own"]), st.booleans())
def test_texts_survive_every_layout(rows: list[dict[str, Any]], layout: str, ascii_only: bool) -> None:
    dump = {
        "lines": "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows),
        "list": json.dumps(rows, ensure_ascii=ascii_only),
        "pretty": json.dumps(rows, ensure_ascii=ascii_only, indent=1),
        "own": json.dumps({"schema": "followup.export/1", "items": rows}, ensure_ascii=ascii_only),
    }[layout]
    filled = [row for row in ({k: v for k, v in row.items() if v} for row in rows) if "".join(row.values()).strip()]

    assert dicts(table_of(dump or "[]")) == filled


@pytest.mark.parametrize("layout", ["lines", "list", "own"])
def test_a_large_file_is_read_an_object_at_a_time(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "large.json"
    rows = [json.dumps({"name": f"Zoë {number}", "notes": "x" * 500}) for number in range(20_000)]
    between, begin, end = {
        "lines": ("\n", "", "\n"),
        "list": (",\n", "[", "]"),
        "own": (",\n", '{"schema": "followup.export/1", "items": [\n', "\n]}\n"),
    }[layout]
    path.write_text(begin + between.join(rows) + end, encoding="utf-8")
    del rows
    tracemalloc.start()
    try:
        table = read_table(path)
        count = sum(1 for _ in table.rows)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 20_000
    assert path.stat().st_size > 10_000_000 > 2 * peak


@pytest.mark.parametrize(
    ("text", "headers", "cells"),
    [
        (
            '{"results": [{"id": "1", "properties": {"firstname": "Ann", "email": "a@x.example"}}], "total": 1}',
            ("id", "firstname", "email"),
            ("1", "Ann", "a@x.example"),
        ),
        (
            '{"paging": {"next": {"after": "2"}}, "results": [{"name": "Ann", "email": "a@x.example"}]}',
            ("name", "email"),
            ("Ann", "a@x.example"),
        ),
        ('{"customers": [{"name": "Ann"}], "meta": {"total": 1}}', ("name",), ("Ann",)),
        ('{"_embedded": {"contacts": [{"name": "Ann"}]}, "page": 1}', ("name",), ("Ann",)),
        (
            '{"data": {"customers": {"edges": [{"node": {"id": "1", "email": "a@x.example"}}]}}}',
            ("id", "email"),
            ("1", "a@x.example"),
        ),
        (
            '{"data": [{"id": "1", "attributes": {"name": "Ann"}}], "links": {"next": null}}',
            ("id", "name"),
            ("1", "Ann"),
        ),
        (
            '{"records": [{"id": "r", "fields": {"Name": "Ann"}}], "offset": "x"}',
            ("id", "Name"),
            ("r", "Ann"),
        ),
        (
            '{"data": [{"name": "Ann", "email": [{"value": "b@x.example"}, {"value": "a@x.example", "primary": 1}]}]}',
            ("name", "email"),
            ("Ann", "a@x.example ::: b@x.example"),
        ),
        (
            '{"records": [{"attributes": {"type": "Contact", "url": "/1"}, "Name": "Ann"}], "done": true}',
            ("attributes.type", "attributes.url", "Name"),
            ("Contact", "/1", "Ann"),
        ),
        (
            '[{"id": "1", "properties": {"id": "x", "email": "a@x.example"}}]',
            ("id", "properties.id", "properties.email"),
            ("1", "x", "a@x.example"),
        ),
    ],
)
def test_answers_of_other_systems_are_tables(text: str, headers: tuple[str, ...], cells: tuple[str, ...]) -> None:
    for mark in ("", "\ufeff"):
        table = table_of(mark + text)

        assert table.headers == headers
        assert [row.cells for row in table.rows] == [cells]


def test_a_customer_with_a_list_of_orders_is_a_customer() -> None:
    table = table_of('{"id": 1, "orders": [{"id": 5}], "name": "Ann"}\n{"id": 2, "orders": [], "name": "Bob"},\n')

    assert [row.cells for row in table.rows] == [("1", '[{"id": 5}]', "Ann"), ("2", "", "Bob")]
