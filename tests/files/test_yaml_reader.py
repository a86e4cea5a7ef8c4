"""YAML is read as text with positions, and hostile files are refused in a sentence (bars 16 and 17)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from followup.errors import FollowupError, NotFoundError
from followup.files.yaml_reader import (
    MAX_BYTES,
    MAX_NODES,
    QUOTE_HINT,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    read_file,
    read_yaml,
)


def values(node: Node | None) -> object:
    """A node as plain lists, dicts and text."""
    if isinstance(node, MappingNode):
        return {key.text: values(value) for key, value in node.pairs}
    if isinstance(node, SequenceNode):
        return [values(item) for item in node.items]
    return None if node is None else node.text


def said(text: str | bytes) -> list[str]:
    """The problems of a text without the name of the file."""
    return [str(problem).removeprefix("f:") for problem in read_yaml(text, source="f")[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("country: NO", {"country": "NO"}),
        ("on: yes", {"on": "yes"}),
        ("time: 12:30", {"time": "12:30"}),
        ("time: 8:30", {"time": "8:30"}),
        ("time: 12:30:45", {"time": "12:30:45"}),
        ("phone: 0123", {"phone": "0123"}),
        ("zip: 08001", {"zip": "08001"}),
        ("phone: +14155550100", {"phone": "+14155550100"}),
        ("amount: 1_000", {"amount": "1_000"}),
        ("amount: 1e3", {"amount": "1e3"}),
        ("version: 1.10", {"version": "1.10"}),
        ("start: 2026-02-28", {"start": "2026-02-28"}),
        ("start: 2026-02-30", {"start": "2026-02-30"}),
        ("a: ~", {"a": "~"}),
        ("a: null\nb: 0x1F\nc: .inf", {"a": "null", "b": "0x1F", "c": ".inf"}),
        ("a:", {"a": ""}),
        ("[yes, No, on]", ["yes", "No", "on"]),
        ("{a: 'it''s', b: \"x\\ty\"}", {"a": "it's", "b": "x\ty"}),
        ("<<: x", {"<<": "x"}),
        ("a: >-\n  one\n  two\nb: |\n  one\n  two\n", {"a": "one two", "b": "one\ntwo\n"}),
        ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        ("\ufeffa: b", {"a": "b"}),
        (b"\xef\xbb\xbfa: \xc3\xa9", {"a": "é"}),
        ("---\na: b\n...\n", {"a": "b"}),
    ],
)
def test_scalars_stay_the_text_that_was_typed(text: str | bytes, expected: object) -> None:
    node, problems = read_yaml(text, source="f")
    assert problems == []
    assert values(node) == expected


def test_every_node_knows_its_line_and_column() -> None:
    node, _ = read_yaml('steps:\n  - id: a\n    ask: [x, "é", y]\n', source="f")
    assert isinstance(node, MappingNode)
    steps = node.get("steps")
    assert isinstance(steps, SequenceNode)
    step = steps.items[0]
    assert isinstance(step, MappingNode)
    ask = step.get("ask")
    assert isinstance(ask, SequenceNode)
    places = [(found.line, found.column) for found in (node, steps, step, ask, *ask.items)]
    assert places == [(1, 1), (2, 3), (2, 5), (3, 10), (3, 11), (3, 14), (3, 19)]
    assert [item.quoted for item in ask.items if isinstance(item, ScalarNode)] == [False, True, False]


NOT_ALLOWED = "not allowed"
REFUSED = [
    ("a: 1\nb: 2\na: 3", ['3:1: the key "a" stands on lines 1 and 3 - keep one of them']),
    ("{a: 1, a: 2}", ['1:8: the key "a" stands on line 1, twice - keep one of them']),
    (
        "a: 1\na: 2\na: 3",
        [
            '2:1: the key "a" stands on lines 1 and 2 - keep one of them',
            '3:1: the key "a" stands on lines 1 and 3 - keep one of them',
        ],
    ),
    (
        "&s [*s]",
        [
            f"1:1: &s is read as an anchor, and anchors are {NOT_ALLOWED} - write the text out, or {QUOTE_HINT}",
            "1:5: *s is read as a reference, and references are not allowed - put the text in quotes",
        ],
    ),
    (
        'run: !!python/object/apply:os.system ["touch pwned"]',
        [
            (
                "1:6: !!python/object/apply:os.system is read as a tag, and tags are not allowed"
                " - delete it, or put the text in quotes"
            )
        ],
    ),
    (
        "subject: !important",
        [f"1:10: !important is read as a tag, and tags are {NOT_ALLOWED} - delete it, or {QUOTE_HINT}"],
    ),
    (
        "%TAG ! tag:x,2000:\n---\na: b",
        ["1:1: tags are not allowed - delete the line that begins with %TAG"],
    ),
    ("a: b\n\tc: d", ["2:1: a tab is not allowed here - use spaces"]),
    ("a:\tb", ["1:3: a tab is not allowed here - use spaces"]),
    ('a: b\nc: "open\nd: e', ["2:4: the quote that opens here is never closed - add the closing quote"]),
    (
        "subject: Re: your order",
        [
            (
                '1:12: a colon followed by a space is read as "key: value"'
                ' - put the text in quotes: subject: "Re: your order"'
            )
        ],
    ),
    ("subject: @name", ['1:10: text cannot begin with "@" - put the text in quotes']),
    ("subject: `x`", ['1:10: text cannot begin with "`" - put the text in quotes']),
    ("subject: %d days", ['1:10: text cannot begin with "%" - put the text in quotes']),
    ("subject: *bold*", ['1:10: text cannot begin with "*" or "&" - put the text in quotes']),
    (
        "subject: *bold",
        ["1:10: *bold is read as a reference, and references are not allowed - put the text in quotes"],
    ),
    ("body: {{ name }}", ["1:8: found a mapping where a key should be - put the text in quotes"]),
    ("? [a, b]\n: c", ["1:3: found a list where a key should be - put the text in quotes"]),
    (
        'subject: "Hi" there',
        ["1:15: text goes on after the closing quote - put the text in quotes, the whole of it"],
    ),
    (
        "subject: [Draft] hello",
        ['1:18: text goes on after the closing "]" - put the text in quotes, the whole of it'],
    ),
    (
        "a: [b, c\nd: e",
        [("1:4: this list or mapping is never closed: ] or } is missing - add the bracket, or put the text in quotes")],
    ),
    (
        'a: "C:\\quotes"',
        ["1:4: a backslash in double quotes begins an escape that does not exist - use single quotes"],
    ),
    (
        "a: > 5 left",
        [
            (
                '1:4: text that begins with "|" or ">" is read as a block that starts on the next line'
                " - put the text in quotes"
            )
        ],
    ),
    (
        "a: - b",
        [('1:4: "- " in this place is read as a list - put the list on lines of its own, or put the text in quotes')],
    ),
    ("a:\n  b: 1\n c: 2", ["3:2: this line does not fit the lines above - check its indentation"]),
    (
        "a: 1\nfoo\nb: 2",
        [('2:1: this line has no "key:" - indent it further than the line it continues, or put the text in quotes')],
    ),
    (
        "a: {b: c",
        ["1:4: this list or mapping is never closed: ] or } is missing - add the bracket, or " + QUOTE_HINT],
    ),
    (
        "a:\n \xa0b: 1",
        ["2:2: a non-breaking space (U+00A0) stands in the indent - indent with plain spaces"],
    ),
    ("a:\n\u3000b: 1", ["2:1: a wide space (U+3000) stands in the indent - indent with plain spaces"]),
    (
        "goal\xa0: x",
        ['1:1: the key "goal" holds a non-breaking space (U+00A0) - use plain spaces'],
    ),
    (
        "a: 1\nb:\xa02\nc: 3",
        [
            (
                '2:1: this line has no "key:" - replace a non-breaking space (U+00A0) by a plain space,'
                " or indent it further than the line it continues, or put the text in quotes"
            )
        ],
    ),
    ("a: b\nc: \x00", ["2:4: a NUL character is not allowed here - delete it"]),
    ("a: \x1b]0;pwn\x07", ["1:4: an ESC character is not allowed here - delete it"]),
    ("a: x\u2028y", ["1:5: an invisible line break (U+2028) is not allowed here - delete it"]),
    ("a: \ud800", ["1:4: a control character (U+D800) is not allowed here - delete it"]),
    (b"a: b\nc: caf\xe9", ["2:7: the byte 0xe9 is not UTF-8 - save the file as UTF-8"]),
    ("a: b".encode("utf-16"), ["1:1: the file is UTF-16 - save it as UTF-8"]),
    ("", ["1:1: the file is empty - start from an example: followup playbook new my_playbook"]),
    (
        "# only a comment\n",
        ["1:1: the file is empty - start from an example: followup playbook new my_playbook"],
    ),
    (
        "a: b\n---\nc: d",
        ["2:1: a second document begins here - delete the line ---: one file, one playbook"],
    ),
    ("[" * 1000, ["1:31: nested deeper than 30 levels - a playbook needs about five"]),
    ("- " * 1000, ["1:61: nested deeper than 30 levels - a playbook needs about five"]),
    ("[" + "a," * (MAX_NODES + 5) + "]", ["1:40000: more than 20,000 values - split the file"]),
    (
        "a" * (MAX_BYTES + 1),
        ["the file is larger than 256 KiB - a playbook is a few pages of text: split it"],
    ),
    (": b", ["1:1: this line does not fit the lines above - check its indentation"]),
    (
        "!!str : b",
        [
            "1:1: !!str is read as a tag, and tags are not allowed - delete it, or put the text in quotes",
            "1:1: a key is missing before the colon - put the text in quotes",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_what_cannot_be_read_is_said_with_its_place_and_how_to_mend_it(text: str | bytes, expected: list[str]) -> None:
    found = [line.removeprefix(" ") for line in said(text)]
    assert found == expected
    assert not any(word in line.lower() for line in found for word in ("traceback", "exception", "error"))


@pytest.mark.parametrize("text", [text for text, _ in REFUSED], ids=range(len(REFUSED)))
def test_the_parser_in_python_finds_the_same(text: str | bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_yaml(text, source="f")
    monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    assert read_yaml(text, source="f") == fast


def test_all_refused_marks_are_reported_at_once() -> None:
    text = "a: !x 1\nb: &y 2\nc: *y\nd: 4\nd: 5\n"
    assert [line.split(":")[0] for line in said(text)] == ["1", "2", "3", "5"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("subject: Deal #1 closing", "#1 closing"),
        ("subject: Deal # closing", "# closing"),
        ("subject: Deal#1", ""),
        ('subject: "Deal #1"', ""),
        ("subject: Deal\n# a comment", ""),
        ("subject: >-\n  Deal #1\n", ""),
    ],
)
def test_text_behind_a_hash_is_noted(text: str, cut: str) -> None:
    node, _ = read_yaml(text, source="f")
    assert isinstance(node, MappingNode)
    subject = node.get("subject")
    assert isinstance(subject, ScalarNode)
    assert subject.cut == cut


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: b")
    assert read_file(path) == b"a: b"
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    assert read_file(link) == b"a: b"


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "loop", "large"])
def test_what_is_not_a_small_regular_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.yaml"
    expected = {
        "folder": "is a folder, not a file",
        "pipe": "is not a regular file",
        "device": "is not a regular file",
        "loop": "cannot be read",
        "large": "is larger than 256 KiB",
    }[kind]
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(FollowupError, match=expected) as caught:
        read_file(path)
    assert caught.value.hint


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file"):
        read_file(tmp_path / "nothing.yaml")


MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(
    f"a{i}: &a{i}\n  <<: [" + ", ".join([f"*a{i - 1}"] * 6) + "]\n" for i in range(1, 12)
)
ALIAS_BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [" + ", ".join(["*" + chr(97 + i)] * 9) + "]\n" for i in range(12)
)


@pytest.mark.parametrize(("bomb", "place"), [(MERGE_BOMB, (1, 5)), (ALIAS_BOMB, (1, 4))])
def test_a_bomb_is_refused_at_its_first_anchor(bomb: str, place: tuple[int, int]) -> None:
    node, problems = read_yaml(bomb, source="f")
    assert node is None
    assert (problems[0].line, problems[0].column) == place
    assert "anchor" in problems[0].message


STEP = "steps:\n  - {id: a, stage: learning, when: live+14, purpose: prevention, goal: g, gives: x%s}\n"
HOSTILE = {
    "merge bomb": MERGE_BOMB,
    "alias bomb": ALIAS_BOMB,
    "deep lists": "[" * 100_000,
    "deep mappings": "{" * 100_000,
    "deep blocks": "- " * 100_000,
    "deep keys": "? " * 100_000,
    "deep indents": "".join(" " * i + "a:\n" for i in range(600)),
    "many values": "x: [" + "a," * 60_000 + "]",
    "many keys": "".join(f"k{i}: 1\n" for i in range(9_000)),
    "the same key": "k: 1\n" * 9_000,
    "line breaks": "\n" * 200_000 + "\x01\n" * 100,
    "control characters": "\x01" * 200_000,
    "tabs": "\t\n" * 100_000,
    "quotes": '"' * 200_000,
    "backslashes": 'a: "' + "\\" * 200_000,
    "braces": "playbook: x\ntitle: t\n" + STEP % (', message: "' + "{a" * 60_000 + '"'),
    "wrong names": "playbook: x\ntitle: t\n" + STEP % (', message: "' + "{frst_name}" * 15_000 + '"'),
    "chain of defaults": "anchors:\n" + "".join(f"  a{i}: {{default: a{i + 1}}}\n" for i in range(4_000)),
    "circle of defaults": "anchors:\n" + "".join(f"  a{i}: {{default: a{(i + 1) % 4_000}}}\n" for i in range(4_000)),
    "unknown anchors": "anchors:\n" + "".join(f"  a{i}: {{default: zz{i}}}\n" for i in range(4_000)),
    "many steps": "playbook: x\ntitle: t\n"
    + STEP % ""
    + "".join((STEP % "")[7:].replace("id: a", f"id: b{i}") for i in range(1_300)),
    "a long key": "k" * 200_000 + ": 1\n",
    "a long indent": " " * 200_000 + "a: 1",
    "a huge number": "curve: {depth: " + "9" * 200_000 + "}\n",
    "stars": "*" * 200_000,
    "colons": "a: " * 80_000,
    "comments": "# c\n" * 60_000,
    "hashes": "\n".join("- b #c" for _ in range(19_000)),
}
# The peak is the child's own (VmHWM): ru_maxrss also remembers the process that started it.
CHILD = """
import re, resource, sys, time
from followup.files.playbook_lint import check_playbook
text = sys.stdin.buffer.read()
started = time.process_time()
problems = check_playbook(text, source="f")
took = time.process_time() - started
try:
    kilobytes = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
except OSError:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(took, kilobytes // 1024, len(problems))
"""


@pytest.mark.trust
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_less_than_a_second_and_100_mb(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=HOSTILE[name].encode()[: MAX_BYTES + 1],
        capture_output=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    seconds, megabytes, count = (float(part) for part in done.stdout.split())
    assert seconds < 1
    assert megabytes < 100
    assert count >= 1
    assert list(tmp_path.iterdir()) == []


YAMLISH = st.lists(
    st.sampled_from(
        [
            "a",
            ": ",
            "- ",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ",",
            '"',
            "'",
            "#",
            " #",
            "|",
            ">",
            "&x ",
            "*x",
            "!t ",
            "%",
            "@",
            "`",
            "? ",
            "---\n",
            "...\n",
            "\t",
            "\r",
            "\xa0",
            "é",
            "\\",
            "key: value\n",
            "<<: ",
            "0",
            "\ufeff",
        ]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(YAMLISH, st.text(max_size=80), st.binary(max_size=80)))
def test_nothing_but_a_node_and_problems_ever_comes_out(text: str | bytes) -> None:
    node, problems = read_yaml(text, source="f")
    assert node is not None or problems
    lines = len(text.splitlines()) + 1
    for problem in problems:
        assert problem.message
        assert problem.hint
        assert "\n" not in str(problem)
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
