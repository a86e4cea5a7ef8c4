"""CSV on its way out: no formula in a spreadsheet, nothing lost on the way back, nobody else's eyes (TRUST 2.2,
2.8)."""

from __future__ import annotations

import csv
import errno
import io
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup.errors import EXIT_DATA_FILE, EXIT_REFUSED, FollowupError
from followup.files import csv_out
from followup.files.csv_out import (
    GUARD_COLUMN,
    csv_line,
    csv_records,
    guard,
    private_file,
    private_folder,
    unguard,
    write_csv,
    write_private,
)
from followup.files.tables import read_table

DANGEROUS = "=+-@\t\r\0＝＋－＠"


@pytest.mark.parametrize("first", DANGEROUS)
def test_a_cell_that_a_spreadsheet_might_run_is_guarded(first: str) -> None:
    """ASVS 1.2.10, with the full-width letters."""
    text = write_csv(["name"], [[f"{first}cmd|' /C calc'!A0"]], raw=False)

    assert text.split("\n")[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["plain", "1-2", "a=b", "", "'quoted'", " =1", "O’Neil"])
def test_other_cells_are_left_alone(text: str) -> None:
    assert guard(text) == text
    assert GUARD_COLUMN not in write_csv(["name"], [[text]], raw=False)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["=1", "'=1", "''=1", "'", "'x", "@a", "\t", "\r", "＝", "-5", "+49 89", "a\r\nb", '"', ",", "\r", "\n", " "]
)
tables = st.lists(st.tuples(cells, cells, st.just("end")), max_size=6)


@given(cells)
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguard(guard(text)) == text


@given(tables, st.booleans())
def test_out_and_back_changes_nothing(rows: list[tuple[str, str, str]], raw: bool) -> None:
    """Bars 18 and 21: with and without guard, through a real reader."""
    table = read_table(write_csv(["name", "notes", "last"], rows, raw=raw).encode())

    assert table.headers == ("name", "notes", "last")
    assert [row.cells for row in table.rows] == rows


AWKWARD = [
    *(
        "",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\n\r",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\ufffe",
    ),
    *(
        '"',
        '""',
        '"""',
        "'",
        "''",
        "'=1",
        "=1+1",
        "+49 89",
        "-5",
        "@sum",
        "\t=1",
        "\r=1",
        "＝1",
        "|",
        ";",
        ",",
        "a,b;c|d\te",
    ),
    *(
        "sep=;",
        "name",
        "Total",
        "Grand Total",
        "Copyright (c) 2026 Acme",
        "NULL",
        "0000-00-00",
        "1e5",
        "01234",
        "#REF!",
    ),
    *(
        "İ",
        "ß",
        "مرحبا",
        "\u202eabc",
        "e\u0301",
        "👩‍👩‍👧",
        "\U0010ffff",
        "\ue000",
        "\x1b[31m",
        "{}",
        "[1]",
        "\\n",
        'a"b',
        "a\rb",
    ),
]


@settings(max_examples=5000 if settings.default and settings.default.max_examples >= 1000 else 100)
@given(st.lists(st.tuples(cells | st.sampled_from(AWKWARD), st.sampled_from(AWKWARD), st.just("end")), max_size=6))
def test_what_is_written_raw_comes_back_byte_for_byte(rows: list[tuple[str, str, str]]) -> None:
    """Bar 18, through real files: a text stream would translate line ends behind everyone's back."""
    head = ["name", "notes", "last"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.csv"
        write_private(path, write_csv(head, rows, raw=True).encode())
        found = read_table(path)
        again = [row.cells for row in found.rows]

        assert again == rows
        assert write_csv(found.headers, again, raw=True).encode() == path.read_bytes()


@given(tables)
def test_no_guarded_table_holds_a_formula(rows: list[tuple[str, str, str]]) -> None:
    text = write_csv(["name", "notes", "last"], rows, raw=False)

    assert [c for row in csv.reader(io.StringIO(text, newline="")) for c in row if c[:1] and c[0] in DANGEROUS] == []


@given(tables, st.sampled_from(["name", "=name"]), st.booleans())
def test_record_by_record_is_the_same_table(rows: list[tuple[str, str, str]], first: str, raw: bool) -> None:
    head = [first, "notes", "last"]

    assert "".join(csv_records(head, lambda: iter(rows), raw=raw)) == write_csv(head, rows, raw=raw)


def test_only_rows_with_a_guard_are_marked() -> None:
    text = write_csv(["name", "notes"], [["Ann", "ok"], ["=1+1", "ok"]], raw=False)

    assert text == f"name,notes,{GUARD_COLUMN}\nAnn,ok,\n'=1+1,ok,1\n"


def test_a_heading_is_guarded_too() -> None:
    text = write_csv(["=name"], [["Ann"]], raw=False)

    assert text == f"'=name,{GUARD_COLUMN}\nAnn,\n"
    assert read_table(text.encode()).headers == ("=name",)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (["a", "b"], "a,b\n"),
        ([""], '""\n'),
        (["a,b", 'say "x"', "1\n2"], '"a,b","say ""x""","1\n2"\n'),
        (["a\rb"], '"a\rb"\n'),
        (["01234", "+1"], "01234,+1\n"),
    ],
)
def test_one_record_is_one_line_of_rfc_4180(row: list[str], line: str) -> None:
    assert csv_line(row) == line


# write_private


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_file_is_for_its_owner_only_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    """Bar 12."""
    path = tmp_path / "out.csv"
    old = os.umask(umask)
    try:
        write_private(path, b"one")
        path.chmod(0o644)
        write_private(path, b"two")
    finally:
        os.umask(old)

    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["out.csv"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("link", "is a symbolic link"),
        ("dangling", "is a symbolic link"),
        ("folder", "is a folder"),
        ("pipe", "is a pipe"),
    ],
)
def test_links_folders_and_pipes_are_not_written_to(tmp_path: Path, kind: str, message: str) -> None:
    """TRUST 2.8: an export through a link destroyed the file behind it."""
    target, path = tmp_path / "precious", tmp_path / "out.csv"
    target.write_text("precious", encoding="utf-8")
    match kind:
        case "link":
            path.symlink_to(target)
        case "dangling":
            path.symlink_to(tmp_path / "nowhere")
        case "folder":
            path.mkdir()
        case _:
            os.mkfifo(path)

    with pytest.raises(FollowupError, match=message):
        write_private(path, b"data")

    assert target.read_text(encoding="utf-8") == "precious"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("code", "exit_code", "message"),
    [
        (errno.ENOSPC, EXIT_DATA_FILE, "the disk is full; what was there before is unchanged"),
        (errno.EIO, EXIT_DATA_FILE, "the disk does not take it; what was there before is unchanged"),
        (errno.EACCES, EXIT_REFUSED, "could not be written: permission denied"),
    ],
)
def test_a_failing_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, exit_code: int, message: str
) -> None:
    """Bar 4: no stump, no half file."""
    path = tmp_path / "out.csv"
    write_private(path, b"old")

    def fail(handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(csv_out.os, "fsync", fail)
    with pytest.raises(FollowupError) as caught:
        write_private(path, b"new")

    assert message in caught.value.sentence
    assert caught.value.exit_code == exit_code
    assert (path.read_bytes(), [p.name for p in tmp_path.iterdir()]) == (b"old", ["out.csv"])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FollowupError, match=f"there is no folder {tmp_path / 'no'}"):
        write_private(tmp_path / "no" / "out.csv", b"")


def test_data_reaches_the_disk_before_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """restic's order: write, fsync, rename, fsync of the folder."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def noted_replace(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(csv_out.os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    write_private(tmp_path / "out.csv", b"data")

    assert done == ["file", "rename", "folder"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_a_file_that_is_not_finished_leaves_the_old_one(tmp_path: Path, stop: type[BaseException]) -> None:
    path = tmp_path / "out.csv"
    write_private(path, b"old")

    def begin() -> None:
        with private_file(path) as write:
            write(b"new")
            assert path.read_bytes() == b"old"
            raise stop

    with pytest.raises(stop):
        begin()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.csv"]  # noqa: PTH208


def test_a_folder_is_made_for_its_owner_only_and_one_that_is_there_is_taken(tmp_path: Path) -> None:
    private_folder(tmp_path / "new")
    private_folder(tmp_path)
    (tmp_path / "file").touch()

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    with pytest.raises(FollowupError, match="is not a folder"):
        private_folder(tmp_path / "file")
    with pytest.raises(FollowupError, match="there is no folder"):
        private_folder(tmp_path / "no" / "new")
