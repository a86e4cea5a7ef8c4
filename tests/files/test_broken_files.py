"""Files that cannot be read safely, as they come: each is refused with one reason, its place and a way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from followup.errors import BadFileError
from followup.files.tables import read_table

BROKEN = Path(__file__).parent / "broken"
# File -> (line, 0 for the whole file; what the sentence says; what the hint says)
REFUSALS = {
    "workbook.csv": (0, "an Excel workbook", "save the sheet as CSV UTF-8"),
    "sheet.ods.csv": (0, "an OpenDocument spreadsheet", "save the sheet as CSV UTF-8"),
    "pages.numbers.csv": (0, "a Numbers document", "Export To > CSV"),
    "archive.csv": (0, "a zip archive", "unpack it"),
    "old-workbook.csv": (0, "an Excel workbook", "save the sheet as CSV UTF-8"),
    "web-page.xls": (0, "a web page (HTML)", "save the sheet as CSV UTF-8"),
    "sheet.xml": (0, "an XML spreadsheet", "save the sheet as CSV UTF-8"),
    "contacts.vcf.csv": (0, "a vCard file", "export the contacts as CSV"),
    "paper.csv": (0, "a PDF document", "CSV"),
    "picture.csv": (0, "a picture", "CSV"),
    "packed.csv": (0, "a gzip archive", "unpack it"),
    "data-file.csv": (0, "an SQLite data file", "export its table as CSV"),
    "letter.csv": (0, "a rich text document (RTF)", "plain text"),
    "noise.csv": (0, "not a file of text", "CSV"),
    "empty.csv": (0, "the file is empty", "headings"),
    "blank-lines.csv": (0, "the file is empty", "headings"),
    "no-headings.csv": (1, "the headings are missing: 'ann@shop.example' is a value", "name,email,phone"),
    "one-column.csv": (1, "only one column was found, 'Name^E-Mail'", "commas, semicolons, tabs or bars"),
    "lines-in-quotes.csv": (1, "only one column was found", "take the quotes around the lines away"),
    "typographic-quotes.csv": (1, "the cells are in typographic quotes, “Name”", "plain quotes"),
    "on-its-side.csv": (1, "the table lies on its side", "transposed"),
    "two-tables.csv": (4, "another table begins on this line", "a file of its own"),
    "nul-at-the-end.csv": (3, "the file ends in NUL characters", "copy it again"),
    "mysql-quotes.csv": (2, "text follows the closing quote", '\\"'),
    "keyed.json": (1, "the objects stand under keys of their own", "as a list"),
    "last-comma.json": (3, "a comma stands behind the last object", "take the comma away"),
    "turkish-cp1254.csv": (2, "neither UTF-8 nor Windows-1252", "--encoding cp1254"),
    "mac-spanish.csv": (2, "neither UTF-8 nor Windows-1252", "--encoding mac_roman"),
    "swallowed-by-a-note.csv": (4, "is closed only on line 6, with whole rows inside it", "close the quote"),
    "open-quote.csv": (17, "the quote opened on this line is never closed", "close it"),
    "quote-closed-by-chance.csv": (16, "is closed only on line 31, with whole rows inside it", "close the quote"),
    "text-behind-quote.csv": (2, "text follows the closing quote", '""'),
    "backslash-quotes.csv": (2, "text follows the closing quote", '\\"'),
    "nul.csv": (3, "a NUL character", "export the table again"),
    "two-encodings.csv": (4, "the file is UTF-8, but this line is not", "CSV UTF-8"),
    "cut-in-a-letter.csv": (3, "ends in the middle of a character", "cut off"),
    "cut-utf-16.csv": (2, "ends in the middle of a character", "cut off"),
    "polish-cp1250.csv": (2, "neither UTF-8 nor Windows-1252", "--encoding cp1250"),
    "czech-cp1250.csv": (1, "neither UTF-8 nor Windows-1252", "--encoding cp1250"),
    "russian-cp1251.csv": (1, "neither UTF-8 nor Windows-1252", "--encoding cp1251"),
    "mac-roman.csv": (2, "neither UTF-8 nor Windows-1252", "--encoding mac_roman"),
    "dos-cp850.csv": (2, "neither UTF-8 nor Windows-1252", "--encoding cp850"),
    "japanese-cp932.csv": (1, "neither UTF-8 nor Windows-1252", "--encoding cp932"),
    "twice.json": (2, "the key 'name' stands twice in one object", "mend"),
    "cut.json": (3, "this is not JSON", "export it again"),
    "no-objects.json": (1, "this is not a JSON object", '{"name": "Ann"}'),
    "deep.json": (1, "more than 30 deep", "CSV"),
}


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_broken_file_is_refused_with_its_reason_its_place_and_a_way_out(name: str) -> None:
    """Bar 19: a refusal names the cause; nothing of the file comes in."""
    line, reason, way_out = REFUSALS[name]
    with pytest.raises(BadFileError) as caught:
        list(read_table(BROKEN / name).rows)

    (problem,) = caught.value.problems
    assert reason in problem.message
    assert reason in caught.value.sentence
    assert problem.line == line
    assert way_out in caught.value.hint
    assert problem.source == name


def test_every_broken_file_is_listed() -> None:
    assert sorted(path.name for path in BROKEN.iterdir()) == sorted(REFUSALS)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xef\xbb\xbf\r\n<table><tr><td>", "a web page (HTML)"),
        ("<html><body>".encode("utf-16"), "a web page (HTML)"),
        (b'<?xml version="1.0"?><contacts><contact/></contacts>', "an XML file"),
        (b"<contacts>\n<contact/></contacts>", "an XML file"),
        (b"BEGIN:VCALENDAR\r\n", "a calendar file"),
        (b"PK\x03\x04 broken", "a zip archive"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (b"-- MySQL dump 10.13\n", "an SQL dump"),
        (b"Rar!\x1a\x07\x00", "a RAR archive"),
    ],
)
def test_other_kinds_of_files_are_called_by_their_name(head: bytes, kind: str) -> None:
    with pytest.raises(BadFileError, match="not a table of text") as caught:
        read_table(head)

    assert kind in caught.value.sentence
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "PKW,Name\n1,Ann\n",
        "<name>,<email>\nAnn,a@x.example\n",
        "BZh,Name\n1,Ann\n",
        "PAR1,Name\n1,Ann\n",
        "GIF,Name\n1,A\n",
    ],
)
def test_headings_that_begin_like_another_kind_of_file_are_headings(text: str) -> None:
    assert len(list(read_table(text.encode()).rows)) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("Name\nAnn\n", encoding="utf-8")
    path.chmod(0)

    with pytest.raises(BadFileError, match="cannot be read: permission denied"):
        read_table(path)
