"""`merge`: two entries of one customer become one, and what they were called finds it still."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from followup.actions.context import Context
from followup.actions.enrol import written
from followup.actions.finding import facts_of, find_customer
from followup.actions.planning import up_to_date
from followup.actions.prospects import REFERRED_BY
from followup.actions.results import Written
from followup.core.model.customer import Contact, Customer
from followup.core.model.extra import extra_name
from followup.errors import FollowupError
from followup.store import Alias, CustomerFacts, Store, comparable

# What is taken over where it is empty; `subdivision` is a part of its country and goes with it.
FILLED = ("company", "country", "subdivision", "timezone", "external_id")
TOLD_APART = ("company", "kind", "country", "subdivision", "timezone", "usage", "tier", "external_id")
OF_A_PERSON = ("name", "first_name", "role", "email", "phone", "channel")


def merge(context: Context, which: str, other: str) -> Written:
    """Make the customer `other` a part of the customer `which`, with people, sales and everything about them.

    What `which` says counts, and is filled up from `other`; whoever must be left alone in one of them must be so after
    it. Raises FollowupError when both are the same.
    """
    with context.write("merge") as entry:
        keeps, goes = find_customer(context, which), find_customer(context, other)
        if keeps.id == goes.id:
            raise FollowupError(
                f"{which!r} and {other!r} are the same customer: {keeps.name} ({keeps.key})", hint="followup list"
            )
        notices = up_to_date(context, [keeps.id, goes.id])
        mine, theirs = facts_of(context, keeps.id), facts_of(context, goes.id)
        people = _People(mine.contacts, theirs.contacts)
        joined = _joined(keeps, goes, [keeps.key, goes.key, *_former_keys(context.store, (keeps, goes))])
        _store(context.store, mine, theirs, people, joined)
        entry.summary = f"{goes.key} into {keeps.key}: {len(theirs.sales)} sales, {len(theirs.contacts)} contacts"
        said = [*_said(mine, theirs, people, joined), "to take it back: followup undo"]
        return written(context, "merge", keeps.id, said, number=keeps.id, notices=notices)


def _store(store: Store, mine: CustomerFacts, theirs: CustomerFacts, people: _People, joined: Customer) -> None:
    keeps, goes = mine.customer, theirs.customer
    for person in people.changed:
        store.update_contact(person.id, **{name: getattr(person, name) for name in (*OF_A_PERSON, "do_not_contact")})
    for person in people.moved:
        store.update_contact(person.id, customer_id=keeps.id, is_main=person.is_main and not mine.contacts)
    for person in people.gone:
        store.drop_contact(person.id)
    store.move_sales(goes.id, to=keeps.id)
    store.move_aliases(goes.id, to=keeps.id)
    store.drop_customer(goes.id)
    former = Alias(key=goes.key, external_id=goes.external_id, name=goes.name, company=goes.company)
    store.add_alias(keeps.id, former)
    names = (*FILLED, "tags", "notes", "do_not_contact", "extra")
    store.update_customer(keeps.id, **{name: getattr(joined, name) for name in names})


def _former_keys(store: Store, customers: Iterable[Customer]) -> list[str]:
    return [alias.key for customer in customers for alias in store.aliases_of(customer.id)]


def _joined(keeps: Customer, goes: Customer, own_keys: Collection[str]) -> Customer:
    """The customer that two make: the values of the first, filled up from the second."""
    same_country = not keeps.country or keeps.country == goes.country
    filled = {
        name: getattr(keeps, name) or getattr(goes, name)
        for name in FILLED
        if same_country or name not in ("subdivision", "timezone")
    }
    extra = joined_extra(keeps.extra, goes.extra)
    return replace(
        keeps,
        **filled,
        tags=tuple(dict.fromkeys((*keeps.tags, *goes.tags))),
        notes=_joined_notes(keeps.notes, goes.notes),
        do_not_contact=keeps.do_not_contact or goes.do_not_contact,
        extra={name: text for name, text in extra.items() if name != REFERRED_BY or text not in own_keys},
    )


def _joined_notes(mine: str, theirs: str) -> str:
    return mine if theirs.strip() in mine else "\n".join(filter(None, (mine, theirs)))


def joined_extra(mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Columns of the user's own of two customers: nothing is lost, and the first one's values keep their names.

    What the second says otherwise is kept under the name with ` (2)` behind it, or the next number that is free.
    """
    joined = dict(mine)
    for heading, text in theirs.items():
        known = [each for each in mine if _same_column(each, heading)]
        if not known:
            joined[heading] = text
        elif text and text not in [mine[each] for each in known]:
            joined[_free_name(heading, text, joined)] = text
    return joined


def _same_column(one: str, other: str) -> bool:
    return one == other or (extra_name(one) != "" and extra_name(one) == extra_name(other))


def _free_name(heading: str, text: str, taken: Mapping[str, str]) -> str:
    number = 2
    while taken.get(f"{heading} ({number})", text) != text:
        number += 1
    return f"{heading} ({number})"


@dataclass(slots=True)
class _People:
    """Who of the second customer is somebody of the first one, and who comes along."""

    mine: tuple[Contact, ...]
    theirs: tuple[Contact, ...]
    changed: list[Contact] = field(default_factory=list)
    moved: list[Contact] = field(default_factory=list)
    gone: list[Contact] = field(default_factory=list)
    after: list[Contact] = field(default_factory=list)  # everybody who is there then
    different: list[str] = field(default_factory=list)  # what is not kept, in words

    def __post_init__(self) -> None:
        joined = {person.id: person for person in self.mine}
        for person in self.theirs:
            known = _same_person(joined.values(), person)
            if known is None:
                self.moved.append(person)
                continue
            self.gone.append(person)
            filled = {name: getattr(known, name) or getattr(person, name) for name in OF_A_PERSON}
            self.different += [
                f"{name} of {known.name}: {filled[name]}, not {getattr(person, name)}"
                for name in OF_A_PERSON
                if getattr(person, name) and comparable(getattr(person, name)) != comparable(filled[name])
            ]
            silent = known.do_not_contact or person.do_not_contact
            joined[known.id] = replace(known, **filled, do_not_contact=silent)
        self.after = [*joined.values(), *self.moved]
        self.changed = [joined[person.id] for person in self.mine if joined[person.id] != person]


def _same_person(people: Iterable[Contact], person: Contact) -> Contact | None:
    """Who has the same e-mail, else who has the same name and no other e-mail."""
    known = list(people)
    email, name = comparable(person.email), comparable(person.name)
    by_email = (one for one in known if email and comparable(one.email) == email)
    by_name = (one for one in known if name and comparable(one.name) == name and not (email and one.email))
    return next(by_email, None) or next(by_name, None)


def _said(mine: CustomerFacts, theirs: CustomerFacts, people: _People, joined: Customer) -> Iterable[str]:
    keeps, goes = mine.customer, theirs.customer
    yield f"{goes.name} ({goes.key}) is a part of {keeps.name} ({keeps.key}) now, and found there by either name"
    counts = (
        _count(len(theirs.sales), "sale moved", "sales moved"),
        _count(len(people.moved), "person moved", "people moved"),
        _count(len(people.gone), "person in both", "people in both"),
    )
    if any(counts):
        yield ", ".join(filter(None, counts))
    filled = [name for name in FILLED if getattr(joined, name) != getattr(keeps, name)]
    if filled:
        yield f"filled up: {', '.join(filled)}"
    different = [
        f"{name} {getattr(joined, name)}, not {getattr(goes, name)}"
        for name in TOLD_APART
        if getattr(goes, name) and comparable(getattr(goes, name)) != comparable(getattr(joined, name))
    ]
    if different or people.different:
        yield f"kept: {'; '.join((*different, *people.different))}"
    if joined.do_not_contact:
        yield f"{keeps.name} is not contacted; to take that back: followup dnc {keeps.key} --off"
    silent = [person.name for person in people.after if person.do_not_contact]
    if silent and not joined.do_not_contact:
        yield f"not contacted there: {', '.join(silent)}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
