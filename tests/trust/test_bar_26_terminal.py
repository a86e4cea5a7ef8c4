r"""Bar 26: no text of a customer is obeyed by a terminal, and none takes another one's place.

Every naughty text is the name, the company, the note, the product, the goal and the doubt of a customer, and what
they said. The commands that write to people, and about them, print all of it: on a terminal nothing but letters, line
feeds and the program's own colours, in a pipe no escape at all. A screen that obeys every byte keeps its title, shows
everybody, and stands at its end. What is a file format may end its lines as that says: iCalendar with CR LF.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.trust.installed import FULL, TODAY, Installed, write_table
from tests.trust.naughty import BY_CATEGORY, NAUGHTY, OWN
from tests.trust.terminal import Written, here_on_terminal, run_on_terminal, screen_after

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]

ATTACKS = (
    "\x1b[2J\x1b[1;1HMallory",  # clears the screen and writes at its top
    "\x1b]0;owned\x07",  # a title
    "\x1b]2;owned\x1b\\",
    "\x1b]52;c;ZXZpbA==\x1b\\",  # the clipboard
    "\x1b]0;never ended",
    "\x1bPnever ended either",
    "\x9d0;owned\x9c\x9b2J",  # the same in C1
    "\x1b[95;44mcoloured",
    "\x1b[10A\x1b[2Kover",
    "\x1b[?1049h\x1b[?25l",
    "\x1bcreset",
    "\x1b(0lqqk",
    "\x0e\x0f\x05",
    "back\b\b\b\bover\rstart",
    "a\x0bb\x0cc\x85d\u2028e",
    "\u202eright to left\u2066x",
    "\x1b]8;;https://x.example\x1b\\click\x1b]8;;\x1b\\",
    "[red]x[/red] [/b] [link=https://x.example]y[/link] [bold",
    ":smile: [@click=app.bell]x[/]",
    "<b>x</b> <script>alert(1)</script> &lt; `x` **y** # z",
    "\x1b",
    "x\x1b[",
    "x\x9b",
)
SOME = (*NAUGHTY[::90], *BY_CATEGORY["terminal sequences"][::9], *OWN[::15])
TEXTS = tuple(dict.fromkeys((*ATTACKS, *(NAUGHTY if FULL else SOME))))
ONE_BY_ONE = TEXTS if FULL else (*ATTACKS[::8], *SOME[::8])
IN_PROCESSES = 40 if FULL else 1  # of each command for one customer

# What a terminal would obey, or what would make lines of one: everything of Unicode's control and format kinds that
# the program shows as an escape; a joiner inside of an emoji stays.
OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u00ad]"
)
COLOURS = re.compile(rb"\x1b\[[0-9;]*m")
MARK = re.compile(r"N\d{4}Q")

CROWD = {
    "remind": ("remind", "--via", "stdout", "--force"),
    "remind markdown": ("remind", "--via", "stdout", "--force", "--format", "markdown"),
    "remind html": ("remind", "--via", "stdout", "--force", "--format", "html"),
    "remind ics": ("remind", "--via", "stdout", "--force", "--format", "ics"),
    "remind ahead": ("remind", "--dry-run", "--force"),
    "calendar": ("calendar",),
    "calendar --json": ("calendar", "--dry-run", "--json"),
    "due": ("due", "--all"),
    "mailing": ("export", "mailing"),
}
"""What prints everybody at once."""

QUICK = ("remind", "remind markdown", "remind html", "calendar", "mailing")

ONE: dict[str, Callable[[str, str], tuple[str, ...]]] = {
    "message": lambda number, key: ("message", number),
    "message --json": lambda number, key: ("message", number, "--json"),
    "file": lambda number, key: ("file", key),
    "file markdown": lambda number, key: ("file", key, "--format", "markdown"),
    "file html": lambda number, key: ("file", key, "--format", "html"),
    "calendar of one": lambda number, key: ("calendar", "--customer", key),
    "calendar of one, report": lambda number, key: ("calendar", "--customer", key, "--dry-run"),
}
"""What prints one customer."""

NOBODY = {
    "guide": ("guide",),
    "guide of a purpose": ("guide", "recovery"),
    "cron": ("cron", "--system", "cron"),
    "cron systemd": ("cron", "--system", "systemd"),
}
CRLF = ("remind ics", "calendar", "calendar of one")
FOR_PROGRAMS = (*CRLF, "calendar --json", "message --json")
"""Read by programs: here the bytes say it all, and no screen has to be drawn of thousands of lines."""

REFUSES = ("message", "message --json")
"""A draft that lacks something is refused in a sentence, which is looked at as well."""

NOBODY_IS_CAREFUL = """
import sys
import followup.core.visible as harmless
harmless.visible = lambda text: text
harmless.visible_lines = lambda text: text.split("\\n")
from followup.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def crowd_in(folder: Path, texts: Sequence[str]) -> Installed:
    """A data file in which each text is everything that somebody said and is; everybody is due today."""
    made = Installed.new(folder)
    (folder / "config.toml").write_text(
        '[me]\nname = "Zoe Seller"\nphone = "+49 30 1"\nemail = "zoe@seller.example"\n[contact]\ncapacity = 1000\n',
        encoding="utf-8",
    )
    head = ["Customer ID", "Name", "E-mail", "Company", "Notes", "Product", "Goal", "Playbook", "Signed"]
    rows = [
        [
            f"C{number}",
            f"{mark(number)} {text}",
            f"p{number}@x.example",
            f"x{text}",
            text,
            f"x{text}",
            text,
            "saas",
            TODAY,
        ]
        for number, text in enumerate(texts)
    ]
    made.does("import", write_table(folder / "people.csv", [head, *rows]), "--yes")
    doubts = [[f"C{number}", f"x{text}", TODAY] for number, text in enumerate(texts)]
    told = made.told(
        "import",
        write_table(folder / "doubts.csv", [["Customer ID", "Concern", "Opened on"], *doubts]),
        "--kind",
        "concerns",
    )
    assert told["created"] == len(texts), told
    said = [[f"C{number}", TODAY, "good", text] for number, text in enumerate(texts)]
    path = write_table(folder / "said.csv", [["Customer ID", "Date", "Outcome", "Note"], *said])
    assert made.told("import", path, "--kind", "activities")["created"] == len(texts)
    return made


def mark(number: int) -> str:
    """What nobody else's name begins with."""
    return f"N{number:04}Q"


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Everybody at once."""
    return crowd_in(tmp_path_factory.mktemp("crowd"), TEXTS)


@pytest.fixture(scope="module")
def marks(crowd: Installed) -> list[tuple[str, str, str]]:
    """Mark, number of something due, and key of everybody."""
    found = {MARK.findall(item["customer"])[0]: item for item in crowd.told("due", "--all")["items"]}
    assert len(found) == len(TEXTS)
    return [(name, str(item["id"]), item["customer_key"]) for name, item in sorted(found.items())]


@cache
def own_colours() -> frozenset[bytes]:
    """The colours of the program, as it uses them for harmless people."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        made = crowd_in(Path(folder), ["harmless", "as well"])
        (first, *_) = made.told("due", "--all")["items"]
        typed = [CROWD["remind"], CROWD["due"], *NOBODY.values()]
        typed += [words(str(first["id"]), first["customer_key"]) for words in ONE.values()]
        return frozenset(found for words in typed for found in COLOURS.findall(here_on_terminal(made, *words).out))


def check_terminal(what: str, written: Written, marks: set[str]) -> None:
    """Only letters, line feeds and own colours; a screen shows everybody, has no title, and stands at its end."""
    assert written.code in ((0, 1) if what in REFUSES else (0,)), (what, written)
    assert set(COLOURS.findall(written.out)) <= own_colours(), what
    text = COLOURS.sub(b"", written.out).decode()
    if what in CRLF:
        text = text.replace("\r\n", "\n")
    found = OBEYED.search(text)
    assert found is None, (what, text[max(0, found.start() - 80) : found.end() + 20])
    assert "Traceback" not in text
    assert "MarkupError" not in text
    if what in FOR_PROGRAMS:
        assert marks <= set(MARK.findall(text.upper())), what
        return
    screen = screen_after(written.out)
    assert (screen.title, screen.icon_name) == ("", ""), what
    shown = set(MARK.findall("\n".join(screen.display).upper()))
    assert marks <= shown, (what, marks - shown)
    assert screen.cursor.x == 0, what
    assert not any(line.strip() for line in screen.display[screen.cursor.y :]), what


def check_pipe(what: str, out: str, marks: set[str]) -> None:
    """No escape at all, and everybody."""
    if what in CRLF:
        out = re.sub("\r\n[ \t]", "", out).replace("\r\n", "\n")
    if what == "mailing":  # a table in a pipe is a file: its cells are as they are
        assert marks <= set(MARK.findall(out))
        return
    found = OBEYED.search(out)
    assert found is None, (what, out[max(0, found.start() - 80) : found.end() + 20])
    assert marks <= set(MARK.findall(out.upper())), what


@pytest.mark.parametrize("what", [*CROWD, *NOBODY] if FULL else [*QUICK, *NOBODY])
def test_a_crowd_on_a_terminal_and_in_a_pipe(crowd: Installed, marks: list[tuple[str, str, str]], what: str) -> None:
    """Everybody in one list: nobody hides, covers or colours another."""
    words = {**CROWD, **NOBODY}[what]
    everybody = {name for name, _, _ in marks} if what in CROWD else set()
    check_terminal(what, run_on_terminal(crowd, *words), everybody)
    said = (crowd.run if FULL else crowd.here)(*words)
    assert said.code == 0, said
    check_pipe(what, said.out, everybody)
    check_pipe(what, said.err, set())


@pytest.mark.parametrize("what", ONE)
def test_one_by_one_on_a_terminal_and_in_a_pipe(crowd: Installed, marks: list[tuple[str, str, str]], what: str) -> None:
    """A page about each of them; some in processes of their own."""
    wanted = [one for one in marks if TEXTS[int(one[0][1:5])] in ONE_BY_ONE]
    assert len(wanted) == len(set(ONE_BY_ONE))
    step = max(1, len(wanted) // IN_PROCESSES)
    named = what in ("message --json", "calendar of one")
    refused = 0
    for place, (name, number, key) in enumerate(wanted):
        words = ONE[what](number, key)
        runs = run_on_terminal if place % step == 0 else here_on_terminal
        check_terminal(what, runs(crowd, *words), {name} if named else set())
        said = crowd.here(*words)
        refused += said.code
        assert said.code in ((0, 1) if what in REFUSES else (0,)), said
        check_pipe(what, said.out, {name} if named else set())
        check_pipe(what, said.err, set())
    assert refused <= len(wanted) // 2


def test_a_program_that_is_not_careful_is_found_out(tmp_path: Path) -> None:
    """Bar 26 can fail: text that goes out as it is, each attack by itself."""
    missed = []
    for number, text in enumerate(ATTACKS[: 12 if FULL else 1]):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = crowd_in(folder, [text, "harmless"])
        written = run_on_terminal(made, *CROWD["remind"], before=[sys.executable, "-c", NOBODY_IS_CAREFUL])
        try:
            check_terminal("remind", written, {mark(0), mark(1)})
        except AssertionError:
            continue
        missed.append(text)
    assert not missed
