"""Bar 28: messages are data. Attacks are refused or plain letters, what is missing is an error, a value stays a value.

30 attacks as a playbook's message and as a customer's words; 20 missing or empty values; and values that hypothesis
makes up (1,000 under `make trust`), each of which stands in the draft once, as it is. Seconds and a megabyte at most.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.core.visible import visible
from followup.files.placeholders import PLACEHOLDERS, slots_of
from tests.trust.installed import FULL, Installed
from tests.trust.naughty import NAUGHTY

pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]

VALUES = 1000 if FULL else 40
SECRET = "hunter2-canary"
PATIENCE = 1.0  # seconds for one draft, the start of Python not counted
MOST = 1_000_000  # bytes of one answer

CONFIG = f"""
[me]
name = "Ben Seller"
phone = "+49 30 99"
email = "{SECRET}@ledger.example"
[calendar]
timezone = "UTC"
"""
PLAYBOOK = """
playbook: mine
version: 1
title: Mine
anchors:
  sale: signed
  harvest: the day of the harvest
stages:
  before_sale: {{from: sale-5}}
  novelty: {{from: sale}}
  learning: {{from: sale+5, trough: sale+10}}
  effectiveness: {{from: sale+20}}
  maintenance: {{from: sale+40}}
steps:
  - id: hello
    stage: novelty
    when: sale
    window: [0, 3]
    channel: email
    purpose: welcome
    goal: Say hello.
    gives: A number.
    ask: [What will you do first?]
    subject: Hello
    message: |-
      {message}
    outcomes:
      problem: {{recovery: true}}
"""
ATTACKS = [
    "{c.__init__.__globals__[SMTP_PASSWORD]}",
    "{first_name.__class__.__mro__}",
    "{first_name!r}",
    "{first_name:>300000000}",
    "{0}",
    "{}",
    "{*}",
    "{**kwargs}",
    "{first_name[0]}",
    "{self.values}",
    "{seller_email.__len__}",
    "{os.environ}",
    "{SMTP_PASSWORD}",
    "{config}",
    "{{{first_name}",
    "{first_name}}",
    "{first_name|{seller_email}}",
    "{first_name{goal}}",
    "{extra.__class__}",
    "{extra}",
    "{{7*7}}",
    "{{ seller_email }}",
    "{{% for i in range(999999999) %}}x{{% endfor %}}",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "${seller_email}",
    "%(seller_email)s %s %n",
    "$(id) `id` ;id",
    "<script>fetch('/')</script> <%= 1 %>",
    "\x1b]52;c;ZXZpbA==\x07 \x1b[2J",
    "\u202eevil\u2066 \u2028Bcc: x@y.example",
]
LITERAL = {"{{{first_name}": "{Anna", "${seller_email}": f"${SECRET}@ledger.example"}
MISSING = [
    *("first_name", "company", "product", "decision_maker", "seller_company", "goal", "use_case", "reason", "old_way"),
    *("usage_note", "concern", "last_result", "feedback_items", "need", "problem_solved", "last_contact"),
    *("harvest_date", "news", "why_it_matters", "extra.plan_tier"),
]


@pytest.fixture
def place(installed: Installed) -> Installed:
    (installed.folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    return installed


def playbook_with(place: Installed, message: str) -> Path:
    path = place.folder / "mine.yaml"
    path.write_text(PLAYBOOK.replace("{{", "{").replace("}}", "}").replace("{message}", message), encoding="utf-8")
    return path


def add(place: Installed, message: str, *more: str, name: str = "Anna Meyer") -> None:
    place.does("add", name, "--playbook", playbook_with(place, message), "--signed", "today", *more)


KNOWN = ("--product", "Ledgerline", "--goal", "close early", "--company", "Meyer GmbH", "--email", "anna@meyer.example")


def test_there_are_thirty_attacks_and_twenty_missing_values() -> None:
    assert len(ATTACKS) == len(set(ATTACKS)) == 30
    assert len(MISSING) == len(set(MISSING)) == 20


@pytest.mark.parametrize("number", range(30))
def test_an_attack_in_a_playbook_is_refused_or_plain_text(place: Installed, number: int) -> None:
    attack = ATTACKS[number]
    path = playbook_with(place, "{first_name}, here is " + attack)
    begun = time.perf_counter()
    said = place.here("add", "Anna Meyer", "--playbook", path, "--signed", "today", *KNOWN)
    if said.code == 0:
        said = place.here("message", "anna-meyer")
        assert said.code == 0, said
        literal = LITERAL.get(attack) or attack.replace("{{", "{").replace("}}", "}")
        assert "here is " + visible(literal).strip() in said.out
    else:
        assert said.code == 1
        assert said.out == ""
        assert re.search(r"mine\.yaml:\d+:\d+: ", said.err), said.err
    assert time.perf_counter() - begun < 5 * PATIENCE
    assert len(said.out) + len(said.err) < MOST
    assert "Traceback" not in said.err
    if "seller_email}" not in attack.replace("{{", ""):
        assert SECRET not in said.out + said.err


@pytest.mark.parametrize("number", range(30))
def test_an_attack_in_a_customers_words_is_their_words(place: Installed, number: int) -> None:
    attack = ATTACKS[number]
    more = ("--product", attack, "--goal", attack, "--email", "anna@meyer.example")
    add(place, "{first_name}: <{product}> [{goal}] {concern}", *more)
    place.does("concern", "add", "anna-meyer", attack)
    begun = time.perf_counter()
    made = place.told("message", "anna-meyer")
    assert time.perf_counter() - begun < 5 * PATIENCE
    shown = visible(attack).strip()
    assert made["values"]["goal"] == made["values"]["product"] == shown
    assert f"Anna: <{shown}> [{shown}] {shown}" in made["body"]
    assert SECRET not in made["body"]
    assert len(made["body"]) < MOST
    fields = parse_qsl(urlsplit(made["link"]).query, keep_blank_values=True, strict_parsing=True)
    assert [name for name, _ in fields] == ["subject", "body"]


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_value_is_an_error_with_its_line(place: Installed, name: str) -> None:
    person = "Northwind Ltd" if name == "first_name" else "Anna Meyer"
    add(place, f"Hello,\n      this is about {{{name}}}.", name=person)
    said = place.here("message", "1", "--json")
    assert said.code == 1, said
    error = said.json
    assert error["schema"] == "followup.error/1"
    (problem,) = error["problems"]
    lines = (place.folder / "mine.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[problem["line"] - 1][problem["column"] - 1 :].startswith(f"{{{name}}}")
    assert f"{{{name}}}" in problem["message"]
    command = problem["hint"]
    assert command.startswith("followup ")
    assert "CUSTOMER" not in command
    assert " ID" not in command
    plain = place.here("message", "1")
    assert (plain.code, plain.out) == (1, "")
    assert "{" not in plain.out


@pytest.mark.parametrize("empty", ["", "   ", "\t\n"])
def test_an_empty_value_is_a_missing_one(place: Installed, empty: str) -> None:
    add(place, "{first_name}, about {goal} and {product}.", "--product", empty, "--goal", empty)
    said = place.here("message", "1", "--json")
    assert said.code == 1
    assert [problem["value"] for problem in said.json["problems"]] == ["{goal}", "{product}"]


def test_every_placeholder_says_what_to_type(place: Installed) -> None:
    """All of them at once: one refusal, one line each."""
    names = [name for name in PLACEHOLDERS if name not in ("first_name", "seller_name", "seller_phone", "seller_email")]
    anchored = [name for name in names if not PLACEHOLDERS[name].anchors]
    message = "{first_name}: " + " ".join(f"{{{name}}}" for name in anchored if name not in ("offer", "price"))
    add(place, message)
    said = place.here("message", "1", "--json")
    assert said.code == 1
    told = [problem["value"].strip("{}") for problem in said.json["problems"]]
    known = {"date", "next_date", "contact_for_trouble", "first_name"}
    assert set(told) == set(slots_of(message)) - known
    assert len(told) == len(set(told))


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("bar-28")
    place = Installed.new(folder)
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    add(place, "{first_name} <{goal}|{news}|{product}> {seller_phone}", *KNOWN)
    return place


TEXTS = st.text(max_size=120) | st.sampled_from([*NAUGHTY, *ATTACKS])


@settings(max_examples=VALUES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_each_value_appears_exactly_once_and_unexpanded(ready: Installed, goal: str, news: str) -> None:
    with suppress(UnicodeEncodeError):
        goal.encode()
        said = ready.here("set", "--", "anna-meyer", "goal", goal)
        if said.code != 0:
            return
        shown, told = visible(goal.strip()).strip(), visible(news.strip()).strip()
        made = ready.here("message", "1", f"--set=news={news}", "--json")
        if not shown or not told:
            assert made.code == 1, made
            return
        body = made.json["body"]
        assert body.startswith(f"Anna <{shown}|{told}|Ledgerline> +49 30 99\n\nBen Seller"), body
        assert "\n" not in made.json["subject"]
        piped = ready.here("message", "1", f"--set=news={news}")
        assert piped.out == f"Hello\n\n{body}\n"


def test_a_second_pass_would_be_seen(ready: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: values that are looked at again give away what the customer's words ask for."""
    from followup.actions import drafting
    from followup.files import letters

    def twice(text: str, value_of: letters.ValueOf, **options: Any) -> letters.Filled:
        once = letters.fill_in(text, value_of, **options)
        return replace(once, text=letters.fill_in(once.text, value_of, **options).text)

    ready.does("set", "anna-meyer", "goal", "{seller_email}")
    honest = ready.told("message", "1", "--set", "news=x")["body"]
    assert "<{seller_email}|x|Ledgerline>" in honest
    monkeypatch.setattr(drafting, "fill_in", twice)
    assert SECRET in ready.told("message", "1", "--set", "news=x")["body"]
