"""The values of a playbook file: each kind has a method, and what cannot be read becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from followup.core.model.extra import PREFIX, extra_name
from followup.core.model.playbook import Duration, Unit, When
from followup.core.model.stage import STAGES, Stage
from followup.errors import Problem, Severity
from followup.files.placeholders import PLACEHOLDERS, Group, nearest
from followup.files.playbook_schema import (
    CYCLE,
    HOURS_PATTERN,
    KEY_PATTERN,
    LONGEST_DAYS,
    NAME_PATTERN,
    NO,
    NUMBER_PATTERN,
    VERSION,
    YES,
    Field,
    Kind,
    Table,
)
from followup.files.yaml_reader import (
    MAX_PROBLEMS,
    QUOTE_HINT,
    Lines,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    shown,
)

MOST_NAMES = 14  # names that one hint lists


class TooManyError(Exception):
    """There are so many problems that more of them would not help."""


class Bad:
    """In place of a value that could not be read; its problem is already noted."""


BAD = Bad()


@dataclass(slots=True)
class Record:
    """The values of one mapping and the nodes they came from."""

    node: Node
    values: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, ScalarNode] = field(default_factory=dict)

    def at(self, name: str) -> Node:
        """The node of a value, or of the whole mapping."""
        return self.nodes.get(name, self.node)


class ValueReader:
    """Reads one file. Each kind of value has a method; what it cannot read becomes a problem and `BAD`."""

    def __init__(self, source: str, text: str, problems: list[Problem]) -> None:
        self.source = source
        self.text = text
        self.lines = Lines(text)
        self.problems = problems
        self.readers: Mapping[Kind, Callable[[Field, Node], Any]] = {
            Kind.TEXT: self._text,
            Kind.TEXTS: self._texts,
            Kind.MESSAGE: self._text,
            Kind.KEY: self._key,
            Kind.CHOICE: self._choice,
            Kind.CHOICES: self._choices,
            Kind.WORDS: self._words,
            Kind.REFERENCE: self._word,
            Kind.REFERENCES: self._words,
            Kind.FLAG: self._flag,
            Kind.WHOLE: self._number,
            Kind.NUMBER: self._number,
            Kind.NUMBERS: self._numbers,
            Kind.WHOLES: self._numbers,
            Kind.HOURS: self._hours,
            Kind.DURATION: self._duration,
            Kind.DURATIONS: self._durations,
            Kind.EVERY: self._every,
            Kind.WINDOW: self._window,
            Kind.WHEN: self._when,
            Kind.ANCHOR_WHEN: self._when,
            Kind.TABLE: self._table_or_short,
            Kind.NAMED: self._named,
            Kind.NAMED_TEXTS: self._named_texts,
            Kind.NAMED_WORDS: self._named_words,
            Kind.TABLES: self._tables,
        }

    # Problems

    def add(self, node: Node, message: str, hint: str = "", *, severity: Severity = "error") -> Bad:
        """Note a problem at a node."""
        value = shown(node.text) if isinstance(node, ScalarNode) else ""
        return self.add_at(node.line, node.column, message, hint, severity=severity, value=value)

    def add_at(
        self,
        line: int,
        column: int,
        message: str,
        hint: str = "",
        *,
        severity: Severity = "error",
        value: str = "",
    ) -> Bad:
        """Note a problem at a position."""
        self.problems.append(
            Problem(
                source=self.source,
                line=line,
                column=column,
                message=message,
                hint=hint,
                severity=severity,
                value=value,
            )
        )
        if len(self.problems) >= MAX_PROBLEMS:
            raise TooManyError
        return BAD

    def unknown(self, node: ScalarNode, noun: str, options: Collection[str], hint: str = "") -> Bad:
        word = shown(node.text)
        if not hint:
            near = nearest(node.text, options)
            few = some(options)
            hint = f'did you mean "{near}"?' if near else f"use one of: {few}" if options else f"there is no {noun} yet"
        return self.add(node, f'"{word}" is not {_article(noun)}', hint)

    # Single values

    def _scalar(self, known: Field, node: Node) -> ScalarNode | Bad:
        if isinstance(node, ScalarNode):
            if node.text.strip():
                return node
            return self.add(node, f"{known.name}: has no value", "write one, or delete the key")
        found = "a mapping" if isinstance(node, MappingNode) else "a list"
        return self.add(node, f"{known.name}: expected text, found {found}", self._mend(known, node))

    def _mend(self, known: Field, node: Node) -> str:
        """How to turn what was read as a mapping or list into the text that was meant."""
        if isinstance(node, MappingNode) and len(node.pairs) == 1:
            (key, value) = node.pairs[0]
            if isinstance(value, ScalarNode) and key.line == node.line:
                if key.column == node.column:
                    return f'{QUOTE_HINT}: "{shown(key.text)}: {shown(value.text)}"'
                if not value.text:
                    return f'{QUOTE_HINT}: {known.name}: "{{{shown(key.text)}}}"'
        return QUOTE_HINT

    def _text(self, known: Field, node: Node) -> Any:
        scalar = self._scalar(known, node)
        if isinstance(scalar, ScalarNode):
            if scalar.cut and (known.kind is Kind.MESSAGE or not scalar.cut.startswith("# ")):
                self.add(
                    scalar,
                    f'text after # was taken as a comment: "{shown(scalar.cut)}"',
                    QUOTE_HINT,
                    severity="warning",
                )
            return scalar.text.strip()
        return scalar

    def _texts(self, known: Field, node: Node) -> Any:
        return self._each(known, node, self._text)

    def _word(self, known: Field, node: Node) -> Any:
        scalar = self._scalar(known, node)
        return scalar.text.strip() if isinstance(scalar, ScalarNode) else scalar

    def _words(self, known: Field, node: Node) -> Any:
        return self._each(known, node, self._word)

    def _key(self, known: Field, node: Node) -> Any:
        return self._pattern(known, node, KEY_PATTERN, "write small letters a-z, digits, _ and -")

    def _hours(self, known: Field, node: Node) -> Any:
        return self._pattern(known, node, HOURS_PATTERN, "write it as 09:00-18:00")

    def _pattern(self, known: Field, node: Node, pattern: str, hint: str) -> Any:
        scalar = self._scalar(known, node)
        if isinstance(scalar, ScalarNode) and not re.fullmatch(pattern, scalar.text):
            return self.add(scalar, f'{known.name}: "{shown(scalar.text)}" cannot be used', hint)
        return scalar.text if isinstance(scalar, ScalarNode) else scalar

    def _choice(self, known: Field, node: Node) -> Any:
        scalar = self._scalar(known, node)
        if isinstance(scalar, ScalarNode):
            word = scalar.text.strip()
            return word if word in known.allowed else self.unknown(scalar, known.word, known.allowed)
        return scalar

    def _choices(self, known: Field, node: Node) -> Any:
        if isinstance(node, SequenceNode) and not node.items:
            return self.add(node, f"{known.name}: the list is empty", f"use some of: {', '.join(known.allowed)}")
        return self._each(known, node, self._choice)

    def _flag(self, known: Field, node: Node) -> Any:
        scalar = self._scalar(known, node)
        if not isinstance(scalar, ScalarNode):
            return scalar
        word = scalar.text.strip().lower()
        if word in YES:
            return True
        if word in NO:
            return False
        return self.add(
            scalar, f'{known.name}: "{shown(scalar.text)}" is neither true nor false', "write true or false"
        )

    def _number(self, known: Field, node: Node) -> Any:
        scalar = self._scalar(known, node)
        if not isinstance(scalar, ScalarNode):
            return scalar
        word = scalar.text.strip()
        whole = known.kind in (Kind.WHOLE, Kind.WHOLES)
        kind = "a whole number" if whole else "a number"
        if not re.fullmatch(NUMBER_PATTERN, word) or (whole and "." in word):
            hint = (
                f"write {word.replace(',', '.')}" if re.fullmatch(r"\d+,\d+", word) and not whole else f"write {kind}"
            )
            return self.add(scalar, f'{known.name}: "{shown(word)}" is not {kind}', hint)
        value = int(word) if whole else float(word)
        if not known.low <= value <= known.high:
            if known.name == "version":
                return self.add(scalar, f"version {word} of the language is not known", f"write version: {VERSION}")
            return self.add(
                scalar,
                f"{known.name}: {word} is out of range",
                f"write a number from {known.low:g} to {known.high:g}",
            )
        return value

    def _numbers(self, known: Field, node: Node) -> Any:
        values = self._each(known, node, self._number)
        if isinstance(values, tuple):
            if known.length and len(values) != known.length:
                return self.add(node, f"{known.name}: expected {known.length} numbers, found {len(values)}")
            if not values and not known.may_be_empty:
                return self.add(node, f"{known.name}: the list is empty", "write at least one number")
        return values

    def _each(self, known: Field, node: Node, read: Callable[[Field, Node], Any]) -> Any:
        """A list of values; a single one may stand without brackets."""
        nodes = node.items if isinstance(node, SequenceNode) else (node,)
        values = tuple(read(known, item) for item in nodes)
        return BAD if any(isinstance(value, Bad) for value in values) else values

    # Time

    def _length(self, known: Field, node: Node) -> Any:
        """A duration without the check of its least value."""
        scalar = self._scalar(known, node)
        if not isinstance(scalar, ScalarNode):
            return scalar
        match = _DURATION.fullmatch(scalar.text.strip())
        if match is None:
            return self.add(scalar, f'{known.name}: "{shown(scalar.text)}" is not a length of time', _DURATION_HINT)
        duration = Duration(int(match["amount"]), Unit(match["unit"] or "d"))
        return self._bounded(known, scalar, duration)

    def _bounded(self, known: Field, node: ScalarNode, duration: Duration) -> Any:
        if abs(duration.amount) * _DAYS_PER[duration.unit] > LONGEST_DAYS:
            return self.add(
                node,
                f'{known.name}: "{shown(node.text)}" is more than a hundred years',
                "write a shorter time",
            )
        return duration

    def _duration(self, known: Field, node: Node) -> Any:
        duration = self._length(known, node)
        if isinstance(duration, Duration) and duration.amount < known.low:
            return self.add(node, f"{known.name}: must be at least one day", _DURATION_HINT)
        return duration

    def _durations(self, known: Field, node: Node) -> Any:
        if isinstance(node, SequenceNode) and not node.items:
            return ()
        return self._each(replace(known, low=1), node, self._duration)

    def _every(self, known: Field, node: Node) -> Any:
        if isinstance(node, ScalarNode) and node.text.strip() == CYCLE:
            return CYCLE
        if isinstance(node, ScalarNode) and node.text.strip().startswith("-"):
            return self.add(node, f"{known.name}: cannot be negative", _DURATION_HINT)
        if isinstance(node, ScalarNode) and node.text.strip()[:1].isalpha():
            hint = f'did you mean "{CYCLE}"?' if nearest(node.text, (CYCLE,)) else f"{_DURATION_HINT}, or cycle"
            return self.add(node, f'{known.name}: "{shown(node.text)}" is not a length of time', hint)
        return self._duration(replace(known, low=1), node)

    def _window(self, known: Field, node: Node) -> Any:
        hint = "write the days before and after: [-2, 2]"
        if isinstance(node, ScalarNode):
            days = self._window_days(node)
            if days is None or days < 0:
                return self.add(node, f'{known.name}: "{shown(node.text)}" is not a window', hint)
            return (-days, days)
        if not isinstance(node, SequenceNode) or len(node.items) != 2:
            return self.add(node, f"{known.name}: expected two numbers", hint)
        first, last = (self._window_days(item) if isinstance(item, ScalarNode) else None for item in node.items)
        if first is None or last is None:
            bad = node.items[0] if first is None else node.items[1]
            return self.add(bad, f"{known.name}: expected a whole number of days", hint)
        if first > 0 or last < 0:
            return self.add(
                node, f"{known.name}: must reach from days before (0 or less) to days after (0 or more)", hint
            )
        return (first, last)

    def _window_days(self, node: ScalarNode) -> int | None:
        match = re.fullmatch(r"([+-]?[0-9]{1,5})d?", node.text.strip())
        return None if match is None or abs(int(match[1])) > LONGEST_DAYS else int(match[1])

    def _when(self, known: Field, node: Node) -> Any:
        scalar = self._scalar(known, node)
        if not isinstance(scalar, ScalarNode):
            return scalar
        word = scalar.text.strip()
        match = _WHEN.fullmatch(word)
        if match is None:
            return self.add(scalar, f'{known.name}: "{shown(word)}" is not a date of a playbook', _WHEN_HINT)
        base, sign, amount, unit = match["base"], match["sign"], match["amount"], match["unit"]
        if unit == "%":
            return self._share_of_stage(known, scalar, base, sign, float(amount))
        if amount and "." in amount:
            return self.add(scalar, f'{known.name}: "{shown(word)}" has a fraction of a day', _WHEN_HINT)
        number = int(amount or 0) * (-1 if sign == "-" else 1)
        duration = self._bounded(known, scalar, Duration(number, Unit(unit or "d")))
        return When(base, duration) if isinstance(duration, Duration) else duration

    def _share_of_stage(self, known: Field, node: ScalarNode, base: str, sign: str, percent: float) -> Any:
        if base not in tuple(STAGES):
            return self.add(
                node, f'{known.name}: a percentage needs a stage, and "{base}" is none', "write learning+25%"
            )
        if sign == "-" or percent > 100:
            return self.add(node, f"{known.name}: a percentage must lie between 0 and 100", "write learning+25%")
        if base == Stage.MAINTENANCE:
            return self.add(
                node, f"{known.name}: maintenance has no end to take a percentage of", "write maintenance+30d"
            )
        return When(base, percent=percent)

    # Mappings

    def record(self, table: Table, node: Node, label: str) -> Record | Bad:
        """The values of a mapping; unknown keys, bad values and missing keys are noted."""
        if not isinstance(node, MappingNode):
            found = "a list" if isinstance(node, SequenceNode) else "text"
            some = ", ".join(f"{name}:" for name in table.names[:3])
            return self.add(
                node, f"{label}: expected keys such as {some} found {found}", "write key: value, one a line"
            )
        record = Record(node)
        for key, value in node.pairs:
            known = table.get(key.text)
            if known is None:
                self._unknown_key(key, table, label)
                continue
            record.keys[key.text] = key
            record.nodes[key.text] = value
            read = self.readers[known.kind](known, value)
            if not isinstance(read, Bad):
                record.values[key.text] = read
        for known in table.fields:
            if known.required and known.name not in record.nodes:
                self.add(node, f"{label} has no {known.name}:", f"add {known.name}: {_example(known)}")
        return record

    def _unknown_key(self, key: ScalarNode, table: Table, label: str) -> None:
        hint = table.moved.get(key.text, "")
        if not hint:
            near = nearest(key.text, (*table.names, *table.moved))
            near_hint = table.moved.get(near, "")
            known = "; ".join(filter(None, (f"known are: {some(table.names)}", table.besides)))
            hint = near_hint or (f'did you mean "{near}"?' if near else known)
        self.add(key, f'unknown key "{shown(key.text)}" in {label}', hint)

    def _table_or_short(self, known: Field, node: Node) -> Any:
        assert known.table is not None
        if known.short and not isinstance(node, MappingNode):
            short = known.table.get(known.short)
            assert short is not None
            text = self._text(replace(short, name=known.name), node)
            return text if isinstance(text, Bad) else Record(node, {known.short: text})
        return self.record(known.table, node, known.name)

    def _pairs(self, known: Field, node: Node) -> tuple[tuple[ScalarNode, Node], ...]:
        """The entries of a mapping; anything else is noted."""
        if isinstance(node, MappingNode):
            return tuple(node.pairs)
        found = "a list" if isinstance(node, SequenceNode) else "text"
        hint = f"write {known.word}: value, one a line"
        self.add(node, f"{known.name}: expected names with values, found {found}", hint)
        return ()

    def _names(self, known: Field, node: Node, pattern: str) -> tuple[tuple[ScalarNode, Node], ...]:
        """The named entries of a mapping; names that cannot be used are noted and left out."""
        good = []
        for key, value in self._pairs(known, node):
            if re.fullmatch(pattern, key.text):
                good.append((key, value))
            else:
                allowed = "a-z, 0-9 and _" + ("" if pattern == NAME_PATTERN else " and -")
                self.add(
                    key,
                    f'"{shown(key.text)}" cannot be the name of {_article(known.word)}',
                    f"write small letters: {allowed}",
                )
        return tuple(good)

    def _named(self, known: Field, node: Node) -> Any:
        pattern = KEY_PATTERN if known.name == "resources" else NAME_PATTERN
        found: dict[str, Record] = {}
        for key, value in self._names(known, node, pattern):
            record = self._table_or_short(replace(known, name=f'{known.word} "{key.text}"'), value)
            if isinstance(record, Record):
                record.keys[""] = key
                found[key.text] = record
        return found

    def _named_texts(self, known: Field, node: Node) -> Any:
        found: dict[str, str] = {}
        for key, value in self._names(known, node, NAME_PATTERN):
            text = self._text(replace(known, name=key.text), value)
            if isinstance(text, str):
                found[key.text] = text
                if key.text in PLACEHOLDERS and PLACEHOLDERS[key.text].group is not Group.ONCE:
                    self.add(
                        key,
                        f"{{{key.text}}} already exists: {PLACEHOLDERS[key.text].says}",
                        "choose another name",
                    )
        return found

    def _named_words(self, known: Field, node: Node) -> Any:
        """Values of the user's own columns; headings that are not written as plain names are noted and left out."""
        found: dict[str, tuple[str, ...]] = {}
        for key, value in self._pairs(known, node):
            name = extra_name(key.text)
            if name != key.text or not name:
                hint = f"write {name}:" if name else "write it in small letters and digits: plan_tier"
                self.add(key, f'"{shown(key.text)}" is not the plain name of {_article(known.word)}', hint)
                continue
            words = self._words(replace(known, name=PREFIX + name), value)
            if isinstance(words, tuple) and not words:
                self.add(value, f"{PREFIX}{name}: the list is empty", "write the values that it may have")
            elif isinstance(words, tuple):
                found[name] = words
        return found

    def _tables(self, known: Field, node: Node) -> Any:
        assert known.table is not None
        if not isinstance(node, SequenceNode):
            return self.add(node, f"{known.name}: expected a list of {known.name}", "begin each one with - id:")
        if not node.items:
            return self.add(node, f"{known.name}: there are none", "begin each one with - id:")
        records = (self.record(known.table, item, _label(item)) for item in node.items)
        return [record for record in records if isinstance(record, Record)]


_DURATION = re.compile(r"(?P<amount>[0-9]{1,6}) ?(?P<unit>d|bd|w|m|y)?")
_WHEN = re.compile(
    rf"(?P<base>{NAME_PATTERN})"
    r"(?: *(?P<sign>[+-]) *(?P<amount>[0-9]{1,6}(?:\.[0-9]{1,3})?) ?(?P<unit>d|bd|w|m|y|%)?)?"
)
_DURATION_HINT = "write 180d, 26w, 6m or 1y"
_WHEN_HINT = "write an anchor, a stage or trough, then +N or -N: live+14, renewal-90, sale+2w, learning+25%"
_DAYS_PER = {Unit.DAY: 1, Unit.WORKING_DAY: 2, Unit.WEEK: 7, Unit.MONTH: 31, Unit.YEAR: 366}
_EXAMPLES = {
    "id": "first_call",
    "when": "live+14",
    "purpose": "prevention",
    "goal": "what the contact is to reach",
    "gives": "what the customer gets out of it",
    "playbook": "my_playbook",
    "title": "what it is for",
    "from": "live+7",
    "stages": "[learning, maintenance]",
}


def some(names: Collection[str]) -> str:
    """The names for a hint, cut short where there are many."""
    return ", ".join(list(names)[:MOST_NAMES]) + ("…" if len(names) > MOST_NAMES else "")


def _article(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeio" else f"a {noun}"


def _example(known: Field) -> str:
    return _EXAMPLES.get(known.name, "...")


def _label(node: Node) -> str:
    found = node.get("id") if isinstance(node, MappingNode) else None
    return f'the step "{shown(found.text)}"' if isinstance(found, ScalarNode) and found.text else "a step"
