"""A hundred invented customers around any day: the playground of `followup demo`, and examples/customers.csv.

Nothing is left to chance: the same `today` gives the same rows. Ages of sales are counted back from `today`, so that
on any day somebody is about to sign, somebody is in the dip and most have been customers for long. Persons and
companies are invented, addresses are in the reserved domain `example`, phone numbers in the exchange 555.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from followup.files.csv_out import write_csv

HEADERS: tuple[str, ...] = (
    "Customer ID",
    "First Name",
    "Last Name",
    "Company",
    "Role",
    "Email",
    "Phone",
    "Country",
    "State",
    "Playbook",
    "Product",
    "Goal",
    "Signed",
    "Live",
    "Renewal",
    "Event",
    "Event End",
    "Finish",
    "Warranty",
    "Service Due",
    "Usage",
    "Tier",
    "Tags",
    "Do Not Contact",
    "Last Contact",
    "Next Contact",
    "Notes",
)


@dataclass(frozen=True, slots=True)
class _Deal:
    """A sale of the sample: days since signature (negative: still to come), days from signature to use, and to the
    end of the work or to the event."""

    playbook: str
    age: int
    live: int | None = None
    until: int | None = None


def _deals(playbook: str, *ages: int | tuple[int, int] | tuple[int, int, int]) -> tuple[_Deal, ...]:
    return tuple(_Deal(playbook, age) if isinstance(age, int) else _Deal(playbook, *age) for age in ages)


# Ages are chosen by the stages of the shipped playbooks: a few before signature, some in novelty and around
# the trough of the dip, many in effectiveness, most in maintenance.
_DEALS: tuple[_Deal, ...] = (
    *_deals("saas", -9, -4, 1, 3, 5, (9, 2), 13, 19, (24, 7), 26, 28, (33, 9), 38, 47, 58, 63),
    *_deals("saas", 70, (82, 14), 95, 104, (118, 10), 133, 147, 160, 172, 177),
    *_deals("saas", 188, 205, (231, 14), 246, 270, 290, 318, 338, 352, (367, 21), 401, 433, 460, (512, 12)),
    *_deals("saas", 549, 610, 671, 702, 768, 849, 935, 1044),
    *_deals("services", (-6, 14, 60), (3, 10, 45), (9, 12, 60), (30, 12, 60), (55, 14, 70), (78, 10, 45)),
    *_deals("services", (110, 14, 60), (148, 14, 60), (260, 14, 60), (405, 14, 60), (690, 14, 90), (902, 10, 30)),
    *_deals("equipment", (-12, 60), (20, 60), (58, 55), (75, 45), (102, 42), (141, 50), (215, 40), (262, 60)),
    *_deals("equipment", (330, 50), (428, 60), (610, 60), (1010, 70)),
    *_deals("vehicle", (2, 7), (20, 10), (31, 12), (72, 14), (121, 7), (204, 10), (421, 14), (803, 10)),
    *_deals("retail", 1, 6, 11, 18, 30, 45, 92, 243),
    *_deals("event_hotel", (-8, 0, 150), (10, 0, 200), (61, 0, 101), (119, 0, 131), (190, 0, 170), (420, 0, 220)),
    *_deals("real_estate", (15, 45), (50, 46), (74, 45), (151, 41), (402, 45), (899, 50)),
)

# Product and goal; goals in the words of the customers, as the messages of each playbook take them up.
_OFFERS: dict[str, tuple[tuple[str, str], ...]] = {
    "saas": (
        ("Ledgerline Team", "close the month in three days"),
        ("Shiftboard", "plan shifts without phone calls"),
        ("Ledgerline Plus", "send every invoice on the day of the job"),
        ("Quillstack", "find any contract within a minute"),
        ("Shiftboard Pro", "stop double bookings"),
        ("Shiftboard", "hand over weekends without surprises"),
        ("Ledgerline Team", "see the cash position every morning"),
    ),
    "services": (
        ("Bookkeeping set-up", "books that are ready by the fifth of the month"),
        ("Process audit", "orders that no longer wait for one person"),
        ("Website relaunch", "a site that brings two enquiries a day"),
        ("Office move", "a clean start in the new office"),
    ),
    "equipment": (
        ("Press line P40", "1,200 parts a shift"),
        ("Packing cell C2", "one changeover in under twenty minutes"),
        ("Mill M7", "scrap below two per cent"),
    ),
    "vehicle": (
        ("Corvo electric estate", "room for two children and a dog"),
        ("Tern city car", "a quiet commute"),
    ),
    "retail": (
        ("Mistral coffee machine", "good coffee before six"),
        ("Alba bread oven", "bread for five every weekend"),
    ),
    "event_hotel": (
        ("Lakeside hall, two days", "180 partners who know each other by name"),
        ("Gallery and garden", "a jubilee that staff talk about for years"),
    ),
    "real_estate": (
        ("House with garden", "have the grandparents near"),
        ("Town flat", "walk to the station"),
        ("Row house", "work from home in peace"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Country:
    """How people and firms are called there; `count` of the hundred live in it. Where the numbers of first and last
    names share no factor, no two people meet the same pair."""

    name: str
    form: str
    count: int
    states: tuple[str, ...]
    area_codes: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


_COUNTRIES: tuple[_Country, ...] = (
    _Country(
        name="United States",
        form="Inc.",
        count=34,
        states=("CA", "NY", "TX", "IL", "WA"),
        area_codes=("+1 415", "+1 212", "+1 512", "+1 312"),
        first_names=(
            "Maya",
            "Caleb",
            "Imani",
            "Owen",
            "Priya",
            "Mateo",
            "Hannah",
            "Terrell",
            "June",
            "Victor",
            "Ana",
        ),
        last_names=(
            "Alvarado",
            "Brightwell",
            "Castellan",
            "Dunmore",
            "Eastlake",
            "Fairbairn",
            "Gupta",
            "Hollis",
            "Ito",
        ),
    ),
    _Country(
        name="Germany",
        form="GmbH",
        count=14,
        states=("BY", "BE", "HH", "NW"),
        area_codes=("+49 89", "+49 30", "+49 40"),
        first_names=("Jana", "Lukas", "Miriam", "Jörg", "Sabine", "Emre", "Käthe"),
        last_names=("Ackermann", "Büchner", "Çelik", "Dietl", "Engelhardt"),
    ),
    _Country(
        name="United Kingdom",
        form="Ltd",
        count=12,
        states=("ENG", "SCT"),
        area_codes=("+44 20", "+44 131"),
        first_names=("Isla", "Rhys", "Amara", "Callum", "Poppy", "Dev"),
        last_names=("Ashdown", "Begum", "Carrick", "Dalgleish", "Ferris"),
    ),
    _Country(
        name="Canada",
        form="Ltd.",
        count=8,
        states=("ON", "QC", "BC"),
        area_codes=("+1 416", "+1 604"),
        first_names=("Noémie", "Liam", "Anika", "Étienne"),
        last_names=("Bélanger", "Mackay", "Singh"),
    ),
    _Country(
        name="France",
        form="SARL",
        count=8,
        states=("",),
        area_codes=("+33 1",),
        first_names=("Zoé", "Hugo", "Aïcha", "Rémi"),
        last_names=("Chevrier", "Diallo", "Garreau"),
    ),
    _Country(
        name="Spain",
        form="S.L.",
        count=7,
        states=("MD", "CT"),
        area_codes=("+34 91", "+34 93"),
        first_names=("Lucía", "Íñigo", "Marta", "José"),
        last_names=("Echeverría", "Molina", "Peña"),
    ),
    _Country(
        name="Netherlands",
        form="B.V.",
        count=6,
        states=("",),
        area_codes=("+31 20",),
        first_names=("Fenna", "Joost", "Sanne"),
        last_names=("de Wit", "Hoekstra"),
    ),
    _Country(
        name="Australia",
        form="Pty Ltd",
        count=5,
        states=("NSW", "VIC"),
        area_codes=("+61 2", "+61 3"),
        first_names=("Tilly", "Angus", "Mei"),
        last_names=("Birdsong", "Nguyen"),
    ),
    _Country(
        name="Austria",
        form="GmbH",
        count=3,
        states=("9", "5"),
        area_codes=("+43 1",),
        first_names=("Veronika", "Florian", "Resi"),
        last_names=("Hofstätter", "Leitgeb"),
    ),
    _Country(
        name="Ireland",
        form="Ltd",
        count=3,
        states=("",),
        area_codes=("+353 1",),
        first_names=("Aoife", "Cian", "Niamh"),
        last_names=("O’Rourke", "Brannigan"),
    ),
)
_STEMS = (
    *(
        "Alder",
        "Birchwood",
        "Copperline",
        "Dunefield",
        "Emberly",
        "Fjordhaus",
        "Granite Bay",
        "Harrow Lane",
        "Indigo",
    ),
    *(
        "Juniper",
        "Kestrel",
        "Lanternfish",
        "Meadowgate",
        "Nimbus",
        "Old Quarry",
        "Pebblebrook",
        "Quince",
        "Ridgeway",
    ),
    *("Saffron", "Thistle", "Umber", "Velvet Oak", "Windrush", "Yarrow", "Zephyr"),
)
_TRADES = ("Logistics", "Dental", "Foods", "Studio", "Clinics", "Tooling", "Travel")
_ROLES = ("decider", "user", "champion", "decider", "finance")
_USAGES = ("normal", "normal", "heavy", "normal", "light", "normal", "")
_TIERS = ("B", "A", "B", "C", "B", "B", "A", "")
_TAGS = ("", "pilot", "", "reference", "", "", "fair 2025", "", "pilot; newsletter", "", "")
_NOTES = (
    "",
    "Prefers a call before nine.",
    "",
    "",
    "Plays in a brass band; ask about the spring concert.",
    "",
    "Two sites, the second one starts later.",
    "",
    "Came through a recommendation.",
    "",
    "Reads every release note.",
    "",
    "",
)
_PRIVATE = ("vehicle", "retail", "real_estate")  # sold to persons, without a company
_DO_NOT_CONTACT = (41, 87)  # two of the hundred asked to be left alone


def sample_rows(today: date) -> list[dict[str, str]]:
    """Give a hundred customers as rows of text under HEADERS, dated around `today`; same day, same rows."""
    places = [country for country in _COUNTRIES for _ in range(country.count)]
    met: dict[str, int] = {}
    rows: list[dict[str, str]] = []
    for number, deal in enumerate(_DEALS):
        # 37 and 100 share no factor: every place is met once, and neighbours in the list live far apart.
        country = places[number * 37 % len(places)]
        met[country.name] = nth = met.get(country.name, -1) + 1
        rows.append(_row(number, deal, country, nth, today))
    return rows


def sample_csv(today: date) -> str:
    """Give the rows of `sample_rows` as CSV text."""
    return write_csv(HEADERS, [[row[header] for header in HEADERS] for row in sample_rows(today)], raw=True)


def _row(number: int, deal: _Deal, country: _Country, nth: int, today: date) -> dict[str, str]:
    """One customer: the `nth` of its country, so that no two have the same name."""
    first = country.first_names[nth % len(country.first_names)]
    last = country.last_names[nth % len(country.last_names)]
    private = deal.playbook in _PRIVATE
    stem = f"{_STEMS[number % len(_STEMS)]} {_TRADES[number % len(_TRADES)]}"
    product, goal = _OFFERS[deal.playbook][number % len(_OFFERS[deal.playbook])]
    row = dict.fromkeys(HEADERS, "") | _dates(number, deal, today)
    return row | {
        "Customer ID": f"C{1001 + number}",
        "First Name": first,
        "Last Name": last,
        "Company": "" if private else f"{stem} {country.form}",
        "Role": "" if private else _ROLES[number % len(_ROLES)],
        "Email": f"{_plain(first)}.{_plain(last)}@{'home' if private else _plain(stem)}.example",
        "Phone": f"{country.area_codes[nth % len(country.area_codes)]} 555 01{number:02}",
        "Country": country.name,
        "State": country.states[nth % len(country.states)],
        "Playbook": deal.playbook,
        "Product": product,
        "Goal": goal,
        "Usage": _USAGES[number % len(_USAGES)],
        "Tier": _TIERS[number % len(_TIERS)],
        "Tags": _TAGS[number % len(_TAGS)],
        "Do Not Contact": "yes" if number in _DO_NOT_CONTACT else "no",
        "Notes": _NOTES[number % len(_NOTES)],
    }


def _dates(number: int, deal: _Deal, today: date) -> dict[str, str]:
    """The dates of a sale, ISO. Companies sign on working days."""
    signed = today - timedelta(days=deal.age)
    if deal.playbook not in _PRIVATE and signed.weekday() > 4:
        signed += timedelta(days=4 - signed.weekday() if deal.age >= 0 else 7 - signed.weekday())
    live = signed + timedelta(days=deal.live or 0)
    days: dict[str, date] = {"Signed": signed}
    if deal.live:
        days["Live"] = live
    if deal.playbook == "saas" and number % 2:
        days["Renewal"] = signed + timedelta(days=365 * (1 + max(0, (today - signed).days // 365)))
    if deal.playbook == "services" and deal.until:
        days["Finish"] = live + timedelta(days=deal.until)
    if deal.playbook == "event_hotel" and deal.until:
        days["Event"] = signed + timedelta(days=deal.until)
        days["Event End"] = days["Event"] + timedelta(days=1)
    if deal.playbook == "equipment" and number % 3 == 0:
        days["Warranty"] = live + timedelta(days=730)
        days["Service Due"] = max(live, today) + timedelta(days=20 + number)
    if deal.age > 20 and number % 4:
        # Old customers were spoken to a while ago: from last week to four months back.
        days["Last Contact"] = today - timedelta(days=min(deal.age - 5, 6 + number * 29 % 115))
    if deal.age > 40 and number % 17 == 3:
        days["Next Contact"] = today + timedelta(days=1 + number % 9)
    return {heading: day.isoformat() for heading, day in days.items()}


def _plain(text: str) -> str:
    """A name as it stands in an address: small letters without accents, words joined by a hyphen."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in bare).split())
