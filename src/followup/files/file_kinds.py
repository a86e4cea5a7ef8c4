"""Files that are no table of text: what they are, told by their first bytes, and how to get a table out of them."""

from __future__ import annotations

import re
import zipfile
from typing import NamedTuple

from followup.files.sources import SAVE_AGAIN, Source

_HEAD = 4096


class _Kind(NamedTuple):
    """What a file is, as a sentence goes on after `this is`, and what to do about it."""

    name: str
    hint: str


_WORKBOOK_HINT = "open it and save the sheet as CSV UTF-8"
_UNPACK = "unpack it first and name the table that is in it"
_NO_TABLE = "name the table itself, as a CSV file"
_WORKBOOK = _Kind("an Excel workbook", _WORKBOOK_HINT)
_ODS = _Kind("an OpenDocument spreadsheet", _WORKBOOK_HINT)
_NUMBERS = _Kind("a Numbers document", "open it and choose Export To > CSV")
_WORD = _Kind("a Word document", _NO_TABLE)
_ZIP = _Kind("a zip archive", _UNPACK)
_PICTURE = _Kind("a picture", _NO_TABLE)
_HTML = _Kind("a web page (HTML)", "open it in a spreadsheet and save the sheet as CSV UTF-8, or export it as CSV")
_XML_SHEET = _Kind("an XML spreadsheet", _WORKBOOK_HINT)
_XML = _Kind("an XML file", "export the table as CSV")
_VCARD = _Kind("a vCard file", "export the contacts as CSV instead")
_SQLITE = _Kind("an SQLite data file", "export its table as CSV first (followup --db FILE export customers)")

_SIGNATURES: tuple[tuple[bytes, _Kind], ...] = (
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _WORKBOOK),
    (b"\x09\x08\x10\x00\x00\x06\x05\x00", _WORKBOOK),  # BIFF without a container
    (b"\x1f\x8b", _Kind("a gzip archive", _UNPACK)),
    (b"BZh91AY&SY", _Kind("a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\x00", _Kind("an xz archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", _Kind("a 7-Zip archive", _UNPACK)),
    (b"Rar!\x1a\x07", _Kind("a RAR archive", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", _Kind("a zstd archive", _UNPACK)),
    (b"%PDF-", _Kind("a PDF document", "export the table as CSV instead")),
    (b"\x89PNG\r\n\x1a\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF87a", _PICTURE),
    (b"GIF89a", _PICTURE),
    (b"II*\x00", _PICTURE),
    (b"MM\x00*", _PICTURE),
    (b"SQLite format 3\x00", _SQLITE),
    (b"{\\rtf", _Kind("a rich text document (RTF)", "open it and save it as plain text, or export the table as CSV")),
    (b"PAR1\x15", _Kind("a Parquet file", "export the table as CSV")),
    (b"ARROW1\x00\x00", _Kind("an Arrow file", "export the table as CSV")),
    (b"bplist00", _Kind("an Apple property list", "export the table as CSV")),
    (b"\x7fELF", _Kind("a program", _NO_TABLE)),
    (b"MZ\x90\x00", _Kind("a program", _NO_TABLE)),
)
_OPENINGS: tuple[tuple[re.Pattern[str], _Kind], ...] = (
    (re.compile(r"<\?xml[^>]*>\s*(?:<\?[^>]*>\s*)*<(?:\w+:)?Workbook\b", re.IGNORECASE), _XML_SHEET),
    (re.compile(r"<!doctype html|<(?:html|head|body|table|meta|style|div)\b|<!--", re.IGNORECASE), _HTML),
    (re.compile(r"<\?xml[^>]*>\s*(?:<!doctype html|<html\b)", re.IGNORECASE), _HTML),
    (re.compile(r"<\?xml|<[A-Za-z][^<>]*>\s*<[A-Za-z!]"), _XML),
    (re.compile(r"BEGIN:VCARD", re.IGNORECASE), _VCARD),
    (re.compile(r"BEGIN:VCALENDAR", re.IGNORECASE), _Kind("a calendar file (iCalendar)", _NO_TABLE)),
    (re.compile(r"MIME-Version:", re.IGNORECASE), _Kind("a saved web page or e-mail", "export the table as CSV")),
    (re.compile(r"version https://git-lfs"), _Kind("a Git LFS pointer, not the file", "git lfs pull")),
    (re.compile(r"(?:-- \w+ dump|CREATE TABLE |INSERT INTO )", re.IGNORECASE), _Kind("an SQL dump", "export as CSV")),
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27}) + b"\x7f"
_BINARY_SHARE = 0.05


def refuse_other_kinds(source: Source) -> None:
    """Raise BadFileError for a file that is known to be no table of text, with what it is and the way out."""
    head = source.head(_HEAD)
    kind = next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None)
    if kind is _ZIP:
        kind = _zipped(source)
    if kind is None and head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        kind = _PICTURE
    kind = kind or _opening(head)
    if kind is not None:
        source.refuse(f"this is {kind.name}, not a table of text", hint=kind.hint)


def refuse_binary(source: Source) -> None:
    """Raise BadFileError when the first line is no text of any encoding with single bytes or UTF-8.

    Further down a text may hold any sign: notes are pasted from everywhere.
    """
    head = re.split(rb"[\r\n]", source.head(_HEAD).lstrip(b"\r\n"), maxsplit=1)[0]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > _BINARY_SHARE * len(head):
        source.refuse("this is not a file of text", hint=f"export the table as CSV, or {SAVE_AGAIN}")


def _opening(head: bytes) -> _Kind | None:
    encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(head[:2], "utf-8")
    text = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    return next((kind for pattern, kind in _OPENINGS if pattern.match(text)), None)


def _zipped(source: Source) -> _Kind:
    """Which of the many zip files this is, by the names in it. Nothing is unpacked."""
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:10_000]
            small = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            first = archive.read("mimetype") if small else b""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError):
        names, first = [], source.head(200)
    if b"opendocument.spreadsheet" in first:
        return _ODS
    if any(name.startswith("xl/") for name in names) or b"xl/" in first:
        return _WORKBOOK
    if any(name.startswith("word/") for name in names):
        return _WORD
    if any(name.startswith("Index/") or name == "Index.zip" for name in names):
        return _NUMBERS
    return _ZIP
