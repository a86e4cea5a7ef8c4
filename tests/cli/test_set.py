"""`set`: one field of a customer, the main contact or a sale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk, WriteTable


def found(page: Any, field: str) -> Any:
    """Where `show --json` has a field of `set`."""
    for place in (page["customer"], page["contacts"][0], page["sales"][0]):
        if field in place:
            return place[field]
    raise AssertionError(f"show --json has no {field}")


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("name", "Anna Maria Meyer", "Anna Maria Meyer"),
        ("company", "Meyer AG", "Meyer AG"),
        ("email", "am@meyer.example", "am@meyer.example"),
        ("phone", "0049 30 7", "0049 30 7"),
        ("role", "CHAMPION", "champion"),
        ("channel", "video", "video"),
        ("usage", "heavy", "heavy"),
        ("tier", "a", "A"),
        ("country", "Switzerland", "CH"),
        ("country", "de", "DE"),
        ("country", "", ""),
        ("subdivision", "BE", "BE"),
        ("timezone", "Europe/Berlin", "Europe/Berlin"),
        ("tags", "vip, pilot,, vip", ["vip", "pilot"]),
        ("tags", "", []),
        ("notes", "call after ten", "call after ten"),
        ("goal", "sleep at night", "sleep at night"),
        ("product", "Ledgerline Plus", "Ledgerline Plus"),
        ("email", "", ""),
        ("role", "", ""),
        ("goal", "", ""),
    ],
)
def test_a_field_is_changed_and_shown(anna: Desk, field: str, value: str, stored: Any) -> None:
    said = anna.does("set", "anna", field, value)
    assert f"{field} of " in said
    assert "is now:" in said
    assert found(anna.json("show", "anna"), field) == stored


def test_the_profile_of_the_sale_replans(anna: Desk) -> None:
    """DOMAIN appendix C, variation d: heavy use brings the feedback pulse in and takes the extra lesson out."""
    before = set(anna.open_dates())
    said = anna.does("set", "anna", "usage", "heavy")
    assert "pulse added" in said
    after = set(anna.open_dates())
    assert "pulse/1" in after - before
    assert "choosing_well/1" in before - after
    watched = {step: day for step, day in anna.open_dates().items() if step.startswith("dip_watch")}
    anna.does("set", "anna", "complexity", "complex")
    rarer = {step: day for step, day in anna.open_dates().items() if step.startswith("dip_watch")}
    assert len(rarer) < len(watched), "a complex product is watched in longer steps (DOMAIN appendix B)"
    anna.does("set", "anna", "complexity", "")
    assert {**anna.open_dates(), **watched} == anna.open_dates(), "empty means as the playbook says"
    anna.does("set", "anna", "life-cycle", "introduction")
    anna.does("set", "anna", "Extensiveness", "low")


def test_another_person_than_the_main_contact(anna: Desk) -> None:
    anna.does("contact", "add", "anna", "Cem Kaya", "--email", "cem@meyer.example")
    said = anna.does("set", "anna", "phone", "+49 30 7", "--contact", "cem")
    assert "phone of Cem Kaya is now: +49 30 7" in said
    assert [one["phone"] for one in anna.json("show", "anna-meyer")["contacts"]] == ["+49 30 1234567", "+49 30 7"]


def test_one_of_several_sales(anna: Desk) -> None:
    anna.does("sale", "add", "anna", "--playbook", "retail", "--signed", "today")
    anna.does("set", "anna", "product", "Mistral", "--sale", "2")
    anna.does("set", "anna", "goal", "coffee")
    assert [one["product"] for one in anna.json("show", "anna")["sales"]] == ["Ledgerline", "Mistral"]
    assert [one["goal"] for one in anna.json("show", "anna")["sales"]][1] == "coffee", "the newest one is meant"


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("anna", "emial", "x@y.example"), "'emial' is not a field", "did you mean email?"),
        (("anna", "", "x"), "'' is not a field", "use one of: name"),
        (("anna", "id", "7"), "'id' is not a field", "use one of"),
        (("anna", "key", "x"), "'key' is not a field", ""),
        (("anna", "name", " "), "the name is empty", "quotes"),
        (("anna", "usage", "hevy"), "'hevy' is not a usage", "did you mean heavy?"),
        (("anna", "usage", ""), "'' is not a usage", "heavy normal light"),
        (("anna", "tier", ""), "'' is not a tier", "A B C"),
        (("anna", "kind", ""), "'' is not a kind", "company"),
        (("anna", "tier", "AA"), "'AA' is not a tier", "A B C"),
        (("anna", "role", "boss"), "'boss' is not a role", "decider"),
        (("anna", "channel", "fone"), "'fone' is not a channel", "did you mean phone?"),
        (("anna", "email", "a b@c"), "is not an e-mail address", ""),
        (("anna", "timezone", "Europe/Berln"), "is not a time zone", "Europe/Berlin"),
        (("anna", "timezone", "../../etc/passwd"), "is not a time zone", ""),
        (("anna", "country", "Narnia"), "'Narnia' is not a country", "DE"),
        (("anna", "complexity", "hard"), "'hard' is not a complexity", "simple moderate complex"),
        (("anna", "email", "x@y.example", "--contact", "Dora"), "nobody at Anna Meyer is called 'Dora'", "Anna Meyer"),
        (("anna", "tier", "A", "--contact", "anna"), "tier is no field of a person", "email phone role channel"),
        (("anna", "goal", "x", "--sale", "5"), "has no sale 5", "--sale"),
        (("nobody", "tier", "A"), "no customer matches 'nobody'", "followup list"),
    ],
)
def test_refusals(anna: Desk, args: tuple[str, ...], says: str, hint: str) -> None:
    anna.refuses("set", *args, says=says, hint=hint)


def test_a_company_without_a_person_has_nobody_to_reach(desk: Desk, table: WriteTable) -> None:
    desk.does("import", table([{"Company": "Acme", "Signed": "2026-01-05"}]), "--playbook", "retail")
    desk.refuses(
        *("set", "acme", "email", "a@acme.example"),
        says="Acme has no contact yet",
        hint='followup contact add acme "First Last"',
    )


def test_an_ambiguous_customer_is_asked_about(two_annas: Desk) -> None:
    two_annas.refuses("set", "anna", "tier", "A", says="'anna' matches 2 customers", hint="anna-meyer")
