"""`add`, `sale add`, `contact add`, `anchor set`, `set`: customers, people, sales and their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from followup.actions.context import Context
from followup.actions.finding import counted_for, facts_of, find_customer, find_sale
from followup.actions.keys import NewKeys
from followup.actions.library import Volume
from followup.actions.pages import upcoming
from followup.actions.people import find_person, main_contact, note_successor
from followup.actions.planning import replan, up_to_date
from followup.actions.results import Written
from followup.actions.telling import explained, planned_sentence
from followup.core.model.channel import CHANNELS, ROLES
from followup.core.model.concern import CATEGORIES, SEVERITIES
from followup.core.model.customer import Contact, Customer
from followup.core.model.extra import PREFIX, extra_name, extra_value, with_extra
from followup.core.model.outcome import MILESTONES, TONES
from followup.core.model.playbook import COMPLEXITIES, EXTENSIVENESS, KINDS, LIFE_CYCLES, TIERS, USAGES, Playbook
from followup.core.model.promise import ABOUT, ANSWERS
from followup.core.model.purpose import PURPOSES
from followup.core.model.reading import READING_KINDS, UNDERSTOOD_READINGS, USAGE_READINGS
from followup.core.model.sale import Profile, Sale
from followup.core.model.stage import STAGES
from followup.core.planner.anchors import LIVE, SALE
from followup.core.planner.draft import day_text
from followup.core.planner.profile import setting_of
from followup.errors import FollowupError
from followup.files.countries import country_code
from followup.files.placeholders import PLACEHOLDERS, Group
from followup.store import CustomerFacts

GOAL_REQUIRED = ("moderate", "complex")  # complexities for which a sale states what it was bought for (D4)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "usage": USAGES,
    "tier": TIERS,
    "kind": KINDS,
    "life_cycle": LIFE_CYCLES,
    "extensiveness": EXTENSIVENESS,
    "complexity": COMPLEXITIES,
    "channel": CHANNELS,
    "role": ROLES,
    "severity": SEVERITIES,
    "category": CATEGORIES,
    "stage": tuple(stage.value for stage in STAGES),
    "purpose": tuple(PURPOSES),
    "kind of reading": READING_KINDS,
    "usage reading": USAGE_READINGS,
    "word for understood": UNDERSTOOD_READINGS,
    "tone": TONES,
    "milestone": MILESTONES,
    "subject of a promise": ABOUT[1:],
    "status of an idea": ANSWERS[1:],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSale:
    """What the user says about a purchase. Without `signed` it counts from today."""

    playbook: str = ""
    signed: date | None = None
    live: date | None = None
    product: str = ""
    goal: str = ""
    anchors: Mapping[str, date] = field(default_factory=dict)
    profile: Profile = field(default_factory=lambda: Profile(usage="", tier=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """What the user says about a customer and the main person there."""

    name: str
    company: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""
    channel: str = ""
    usage: str = ""
    tier: str = ""
    country: str = ""
    tags: tuple[str, ...] = ()


def first_name_of(name: str) -> str:
    """The first word of a person's name."""
    return name.split()[0] if name.split() else ""


def check_choice(what: str, value: str) -> str:
    """`value` if it is one of the known ones. Raises FollowupError naming the nearest."""
    allowed = CHOICES[what]
    for candidate in (value, value.lower(), value.upper()):
        if candidate in allowed:
            return candidate
    near = get_close_matches(value.lower(), allowed, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise FollowupError(f"{value!r} is not a {what}", hint=f"{meant}use one of: {' '.join(allowed)}")


def check_email(text: str) -> str:
    """A plausible e-mail address. Raises FollowupError for anything else."""
    if text and not re.fullmatch(r"[^\s@<>,;\x00-\x1f]+@[^\s@<>,;\x00-\x1f]+", text):
        raise FollowupError(f"{text!r} is not an e-mail address", hint="--email anna@example.com")
    return text


def check_country(text: str) -> str:
    """The ISO code of a country given by code or name, '' for none. Raises FollowupError for an unknown one."""
    code = country_code(text)
    if text.strip() and not code:
        raise FollowupError(f"{text!r} is not a country", hint="write its name or code, such as Germany or DE")
    return code


def check_text(what: str, text: str) -> str:
    """Text that can be stored: no lone surrogates from a badly encoded terminal, not empty."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise FollowupError(
            f"the {what} has bytes that are not text", hint="check the encoding of your terminal"
        ) from None
    if not text.strip():
        raise FollowupError(f"the {what} is empty", hint="put it in quotes if it has spaces")
    return text.strip()


def add(context: Context, new: NewCustomer, sale: NewSale) -> Written:
    """Customer, contact and sale in one go (`add`). Without a playbook the customer comes in without a sale."""
    name = check_text("name", new.name)
    volume = _volume(context, sale.playbook)
    defaults = context.config.defaults
    with context.write("add") as entry:
        store = context.store
        key = NewKeys(store).of_name(name)
        customer = Customer(
            key=key,
            name=name,
            company=new.company,
            kind="company" if new.company else "person",
            country=check_country(new.country),
            usage=check_choice("usage", new.usage or defaults.usage),
            tier=check_choice("tier", new.tier or defaults.tier),
            tags=tuple(dict.fromkeys(tag.strip() for tag in new.tags if tag.strip())),
        )
        customer_id = store.add_customer(customer)
        store.add_contact(
            Contact(
                customer_id=customer_id,
                name=name,
                first_name=first_name_of(name),
                role=check_choice("role", new.role) if new.role else "",
                email=check_email(new.email),
                phone=new.phone,
                channel=check_choice("channel", new.channel or defaults.channel)
                if new.channel or defaults.channel
                else "",
                is_main=True,
            )
        )
        said = [f"added {name} as {key}"]
        sale_id = None
        if volume is not None:
            sale_id, sentence = _add_sale(context, customer_id, f"{key}/1", volume, sale)
            said.append(sentence)
        else:
            signed = sale.signed or context.today
            said.append(f"no sale yet: followup sale add {key} --playbook saas --signed {signed}")
        entry.summary = f"customer {key}"
        return written(context, "add", customer_id, said, sale=sale_id, number=customer_id)


def _volume(context: Context, named: str) -> Volume | None:
    wanted = named or context.config.defaults.playbook
    return context.library.volume(wanted) if wanted else None


def add_sale(context: Context, which: str, sale: NewSale) -> Written:
    """Another purchase of a known customer: a sale of its own (`sale add`)."""
    volume = _volume(context, sale.playbook)
    if volume is None:
        raise FollowupError("which playbook follows this sale?", hint="--playbook saas (see followup playbook list)")
    with context.write("sale add") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        number = len(facts_of(context, customer.id).sales) + 1
        sale_id, sentence = _add_sale(context, customer.id, f"{customer.key}/{number}", volume, sale)
        entry.summary = f"sale {sale_id} of {customer.key}"
        return written(context, "sale add", customer.id, [sentence], sale=sale_id, number=sale_id, notices=notices)


def _add_sale(context: Context, customer_id: int, key: str, volume: Volume, new: NewSale) -> tuple[int, str]:
    anchors = sale_anchors(volume.playbook, new, context.today)
    sale = Sale(
        key=key,
        customer_id=customer_id,
        product=new.product,
        goal=new.goal,
        playbook=volume.playbook.key,
        anchors=anchors,
        added_on=context.today,
        profile=new.profile,
    )
    playbook_id = context.library.pin(context.store, volume)
    sale_id = context.store.add_sale(sale, playbook_id=playbook_id)
    return sale_id, f"sale {sale_id} follows {volume.playbook.key} from {day_text(anchors[SALE])}"


def sale_anchors(playbook: Playbook, new: NewSale, today: date) -> dict[str, date]:
    """The recorded dates of a new sale. Raises FollowupError for an anchor that the playbook does not know."""
    anchors = {SALE: new.signed or today}
    if new.live is not None:
        anchors[LIVE] = new.live
    for name, day in new.anchors.items():
        check_anchor(playbook, name)
        anchors[name] = day
    return anchors


def check_anchor(playbook: Playbook, name: str) -> None:
    """Raises FollowupError, naming the nearest, for an anchor that the playbook does not know."""
    known = list(dict.fromkeys((SALE, LIVE, *playbook.anchors)))
    if name not in known:
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise FollowupError(f"{playbook.key} has no anchor {name!r}", hint=f"{meant}use one of: {' '.join(known)}")


def add_contact(
    context: Context, which: str, *, name: str, email: str, phone: str, role: str, channel: str, main: bool
) -> Written:
    """Another person at a customer (`contact add`)."""
    person = check_text("name", name)
    with context.write("contact add") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        contact_id = context.store.add_contact(
            Contact(
                customer_id=customer.id,
                name=person,
                first_name=first_name_of(person),
                role=check_choice("role", role) if role else "",
                email=check_email(email),
                phone=phone,
                channel=check_choice("channel", channel) if channel else "",
            )
        )
        if main:
            context.store.set_main_contact(contact_id)
        entry.summary = f"contact {contact_id} of {customer.key}"
        said = [f"added {person} at {customer.name}" + (" as the main contact" if main else "")]
        said += note_successor(context, customer, contact_id)
        said += _namesake(context, customer, contact_id)
        return written(context, "contact add", customer.id, said, number=contact_id, notices=notices)


def _namesake(context: Context, customer: Customer, contact_id: int) -> Iterator[str]:
    """What to type when the same person was meant: two people of one name are possible."""
    person = context.store.contact(contact_id)
    for each in context.store.contacts_of(customer.id):
        if each.id < contact_id and each.name.casefold() == person.name.casefold():
            typed = f'followup undo, then followup set {customer.key} email "..." --contact {each.id}'
            yield f"there was a {each.name} already; if it is the same person: {typed}"


def set_anchor(context: Context, which: str, name: str, day: date, *, sale: int | None = None) -> Written:
    """Record the date of an anchor; everything that hangs on it moves (`anchor set`)."""
    with context.write("anchor set") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        facts = facts_of(context, customer.id)
        found = find_sale(context, facts, sale)
        check_anchor(context.library.pinned(context.store, found.playbook_id), name)
        context.store.set_anchor(found.sale.number, name, day)
        entry.summary = f"{name} of sale {found.sale.number}, {customer.key}"
        said = [f"{name} of {customer.name} is {day_text(day)}{counted_for(facts, found, sale)}"]
        return written(context, "anchor set", customer.id, said, sale=found.sale.number, notices=notices)


CUSTOMER_FIELDS = ("name", "company", "usage", "tier", "country", "subdivision", "timezone", "tags", "notes", "kind")
CONTACT_FIELDS = ("email", "phone", "role", "channel")
SALE_FIELDS = ("goal", "product", "life_cycle", "extensiveness", "complexity")
NEVER_EMPTY = ("usage", "tier", "kind")
WORD_FIELDS = tuple(p.name for p in PLACEHOLDERS.values() if p.group is Group.WORDS and p.name not in SALE_FIELDS)
FIELDS = (*CUSTOMER_FIELDS, *CONTACT_FIELDS, *SALE_FIELDS, *WORD_FIELDS)


def set_field(
    context: Context, which: str, name: str, value: str, *, sale: int | None = None, person: str = ""
) -> Written:
    """Change one field of a customer, of the main contact (or the `person` named) or of a sale, and plan anew.

    `extra.NAME` is a column of the user's own, made where there is none yet; an empty value takes it away.
    """
    field_name = _field_named(name)
    if person and field_name not in CONTACT_FIELDS:
        raise FollowupError(
            f"{field_name} is no field of a person", hint=f"--contact goes with: {' '.join(CONTACT_FIELDS)}"
        )
    clean = _field_value(field_name, value)
    with context.write("set") as entry:
        customer = find_customer(context, which)
        notices = up_to_date(context, [customer.id])
        entry.summary = f"{field_name} of {customer.key}"
        if field_name in CONTACT_FIELDS:
            said = _set_of_person(context, customer, field_name, str(clean), person)
        elif field_name.startswith(PREFIX):
            said = [_set_extra(context, customer, field_name, str(clean), sale)]
        else:
            _set(context, customer, field_name, clean, sale)
            said = [_now(field_name, customer.name, clean)]
        return written(context, "set", customer.id, said, notices=notices)


def _field_named(name: str) -> str:
    """The field that a name means; of a column of the user's own the plain name. Raises FollowupError for no field."""
    typed = name.strip()
    if typed.casefold().startswith(PREFIX):
        if column := extra_name(typed[len(PREFIX) :]):
            return PREFIX + column
        raise FollowupError(f"{name!r} names no column", hint=f"write its name behind the dot: {PREFIX}plan_tier")
    plain = typed.lower().replace("-", "_")
    if plain in FIELDS:
        return plain
    near = get_close_matches(plain, FIELDS, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise FollowupError(f"{name!r} is not a field", hint=f"{meant}use one of: {' '.join(FIELDS)} {PREFIX}NAME")


def _now(name: str, whose: str, value: str | tuple[str, ...]) -> str:
    shown = ", ".join(value) if isinstance(value, tuple) else value
    return f"{name} of {whose} is now: {shown or '(empty)'}"


def _set(context: Context, customer: Customer, name: str, value: str | tuple[str, ...], sale: int | None) -> None:
    store = context.store
    if name in SALE_FIELDS:
        found = find_sale(context, facts_of(context, customer.id), sale)
        store.update_sale(found.sale.number, **{name: value})
    elif name in WORD_FIELDS:
        store.update_customer(customer.id, extra={**customer.extra, name: str(value)})
    else:
        store.update_customer(customer.id, **{name: value})


def _set_extra(context: Context, customer: Customer, field_name: str, value: str, number: int | None) -> str:
    """A column of the user's own: of the sale where one is named, or where it came with the sale; else theirs."""
    name, store = field_name.removeprefix(PREFIX), context.store
    facts = facts_of(context, customer.id)
    sale = find_sale(context, facts, number) if facts.sales or number is not None else None
    told = _now(field_name, customer.name, value)
    if sale is None or (number is None and extra_value(sale.sale.extra, name) is None):
        store.update_customer(customer.id, extra=with_extra(customer.extra, name, value))
        return told
    store.update_sale(sale.sale.number, extra=with_extra(sale.sale.extra, name, value))
    return told + counted_for(facts, sale, number)


def _set_of_person(context: Context, customer: Customer, name: str, value: str, named: str) -> list[str]:
    people = context.store.contacts_of(customer.id)
    person = find_person(customer, people, named) if named else main_contact(customer, people)
    context.store.update_contact(person.id, **{name: value})
    said = [_now(name, person.name if named else customer.name, value)]
    if name == "role" and value != person.role:
        said += note_successor(context, customer, person.id)
    return said


def _field_value(name: str, value: str) -> str | tuple[str, ...]:
    """The value in the form in which it is stored. Raises FollowupError for one that is not allowed."""
    if name == "tags":
        return tuple(dict.fromkeys(tag.strip() for tag in value.split(",") if tag.strip()))
    if name in CHOICES and (value or name in NEVER_EMPTY):
        return check_choice(name, value)
    if name == "email":
        return check_email(value.strip())
    if name == "country":
        return check_country(value)
    if name == "timezone" and value:
        return _check_zone(value)
    if name == "name":
        return check_text("name", value)
    return value.strip()


def _check_zone(value: str) -> str:
    from zoneinfo import available_timezones

    zones = available_timezones()
    if value not in zones:
        near = get_close_matches(value, zones, n=1)
        raise FollowupError(
            f"{value!r} is not a time zone", hint=f"use a name such as {near[0] if near else 'Europe/Berlin'}"
        )
    return value


def lacks_goal(sale: Sale, playbook: Playbook) -> bool:
    """True when a sale should say what it was bought for and does not (D4)."""
    return not sale.goal.strip() and setting_of(sale.profile, playbook).complexity in GOAL_REQUIRED


def _goal_missing(context: Context, facts: CustomerFacts, number: int | None) -> list[str]:
    """What to type where the stated goal is missing; a sale without one is never refused (D4)."""
    for one in facts.sales:
        if one.sale.number == number and lacks_goal(one.sale, context.library.pinned(context.store, one.playbook_id)):
            which = f" --sale {number}" if len(facts.sales) > 1 else ""
            return [f'what they want to reach is missing: followup set {facts.customer.key} goal "..."{which}']
    return []


def _doubts(sale: Sale) -> list[str]:
    """What is possible but seldom meant: use that starts before the sale, often a year mistyped."""
    signed, live = sale.anchors.get(SALE), sale.anchors.get(LIVE)
    if signed is None or live is None or live >= signed:
        return []
    return [f"warning: use starts {(signed - live).days} days before the sale of {day_text(signed)}"]


def written(
    context: Context,
    command: str,
    customer_id: int,
    said: list[str],
    *,
    sale: int | None = None,
    number: int | None = None,
    notices: tuple[str, ...] = (),
) -> Written:
    """Plan the customer anew and tell what changed; `notices` is what time alone did before. Only inside a write."""
    changes = replan(context, [customer_id])
    facts = facts_of(context, customer_id)
    if command in ("add", "sale add") and changes:
        said, changes = [*said, planned_sentence(changes)], []  # a whole new plan is no list of changes
    if command in ("add", "sale add"):
        said = [*said, *_goal_missing(context, facts, sale)]
    if command in ("add", "sale add", "anchor set"):
        said = [*said, *(text for one in facts.sales if one.sale.number == sale for text in _doubts(one.sale))]
    return Written(
        today=context.today,
        notices=notices,
        command=command,
        said=tuple(said),
        customer=facts.customer.name,
        customer_key=facts.customer.key,
        sale=sale,
        id=number,
        next=upcoming(context, facts),
        changes=explained(context, facts, changes),
        dry_run=context.dry_run,
    )
