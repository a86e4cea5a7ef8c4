"""A hundred invented customers around any day: the playground of `followup demo`, and examples/customers.csv.

Nothing is left to chance: the same `today` gives the same rows. Ages of sales are counted back from
`today`, so that on any day somebody is about to sign, somebody is in the dip and most have been customers
for long. Persons and companies are invented, addresses are in the reserved domain `example`, phone numbers
in the exchange 555.
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
    """A sale of the sample: days since signature (negative: still to come), days from signature to use, and
    to the end of the work or to the event."""

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
    *_deals(
        "services", (110, 14, 60), (148, 14, 60), (260, 14, 60), (405, 14, 60), (690, 14, 90), (902, 10, 30)
    ),
    *_deals("equipment", (-12, 60), (20, 60), (58, 55), (75, 45), (102, 42), (141, 50), (215, 40), (262, 60)),
    *_deals("equipment", (330, 50), (428, 60), (610, 60), (1010, 70)),
    *_deals("vehicle", (2, 7), (20, 10), (31, 12), (72, 14), (121, 7), (204, 10), (421, 14), (803, 10)),
    *_deals("retail", 1, 6, 11, 18, 30, 45, 92, 243),
    *_deals(
        "event_hotel", (-8, 0, 150), (10, 0, 200), (61, 0, 101), (119, 0, 131), (190, 0, 170), (420, 0, 220)
    ),
    *_deals("real_estate", (15, 45), (50, 46), (74, 45), (151, 41), (402, 45), (899, 50)),
)

_PRODUCTS: dict[str, tuple[str, ...]] = {
    "saas": ("Ledgerline Team", "Ledgerline Plus", "Shiftboard", "Shiftboard Pro", "Quillstack"),
    "services": ("Bookkeeping set-up", "Process audit", "Website relaunch"),
    "equipment": ("Press line P40", "Packing cell C2", "Mill M7"),
    "vehicle": ("Corvo electric estate", "Tern city car"),
    "retail": ("Mistral coffee machine", "Alba bread oven"),
    "event_hotel": ("Lakeside hall, two days", "Gallery and garden"),
    "real_estate": ("House with garden", "Town flat"),
}
# In the words of the customers, as the messages of each playbook take them up.
_GOALS: dict[str, tuple[str, ...]] = {
    "saas": (
        "close the month in three days",
        "plan shifts without phone calls",
        "send every invoice on the day of the job",
        "find any contract within a minute",
        "stop double bookings",
        "hand over weekends without surprises",
        "see the cash position every morning",
    ),
    "services": (
        "books that are ready by the fifth of the month",
        "orders that no longer wait for one person",
        "a site that brings two enquiries a day",
        "a clean handover to the new office",
    ),
    "equipment": (
        "1,200 parts a shift",
        "one changeover in under twenty minutes",
        "scrap below two per cent",
    ),
    "vehicle": ("a quiet commute", "room for two children and a dog"),
    "retail": ("good coffee before six", "bread for five every weekend"),
    "event_hotel": ("180 partners who know each other by name", "a jubilee that staff talk about for years"),
    "real_estate": ("have the grandparents near", "work from home in peace", "walk to the station"),
}

_COUNTRIES: tuple[tuple[str, str, int, tuple[str, ...], tuple[str, ...]], ...] = (
    # country, company form, how many of a hundred, states, area codes
    ("United States", "Inc.", 34, ("CA", "NY", "TX", "IL", "WA"), ("+1 415", "+1 212", "+1 512", "+1 312")),
    ("Germany", "GmbH", 14, ("BY", "BE", "HH", "NW"), ("+49 89", "+49 30", "+49 40")),
    ("United Kingdom", "Ltd", 12, ("ENG", "SCT"), ("+44 20", "+44 131")),
    ("Canada", "Ltd.", 8, ("ON", "QC", "BC"), ("+1 416", "+1 604")),
    ("France", "SARL", 8, ("",), ("+33 1",)),
    ("Spain", "S.L.", 7, ("MD", "CT"), ("+34 91", "+34 93")),
    ("Netherlands", "B.V.", 6, ("",), ("+31 20",)),
    ("Australia", "Pty Ltd", 5, ("NSW", "VIC"), ("+61 2", "+61 3")),
    ("Austria", "GmbH", 3, ("9", "5"), ("+43 1",)),
    ("Ireland", "Ltd", 3, ("",), ("+353 1",)),
)
_FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "United States": (
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
    "Germany": ("Jana", "Lukas", "Miriam", "Jörg", "Sabine", "Emre", "Käthe"),
    "United Kingdom": ("Isla", "Rhys", "Amara", "Callum", "Poppy", "Dev"),
    "Canada": ("Noémie", "Liam", "Anika", "Étienne"),
    "France": ("Zoé", "Hugo", "Aïcha", "Rémi"),
    "Spain": ("Lucía", "Íñigo", "Marta", "José"),
    "Netherlands": ("Fenna", "Joost", "Sanne"),
    "Australia": ("Tilly", "Angus", "Mei"),
    "Austria": ("Veronika", "Florian"),
    "Ireland": ("Aoife", "Cian"),
}
_LAST_NAMES: dict[str, tuple[str, ...]] = {
    "United States": (
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
    "Germany": ("Ackermann", "Büchner", "Çelik", "Dietl", "Engelhardt"),
    "United Kingdom": ("Ashdown", "Begum", "Carrick", "Dalgleish", "Ferris"),
    "Canada": ("Bélanger", "Mackay", "Singh"),
    "France": ("Chevrier", "Diallo", "Garreau"),
    "Spain": ("Echeverría", "Molina", "Peña"),
    "Netherlands": ("de Wit", "Hoekstra"),
    "Australia": ("Birdsong", "Nguyen"),
    "Austria": ("Hofstätter", "Leitgeb"),
    "Ireland": ("O’Rourke", "Brannigan"),
}
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
    """Give a hundred customers as rows of text under HEADERS, with dates around `today`; the same day, the
    same rows."""
    places = [country for country in _COUNTRIES for _ in range(country[2])]
    rows: list[dict[str, str]] = []
    for number, deal in enumerate(_DEALS):
        # 37 and 100 share no factor: every place is met once, and neighbours in the list live far apart.
        place = number * 37 % len(places)
        rows.append(_row(number, deal, place, places[place], today))
    return rows


def sample_csv(today: date) -> str:
    """Give the rows of `sample_rows` as CSV text."""
    return write_csv(HEADERS, [[row[header] for header in HEADERS] for row in sample_rows(today)], raw=True)


def _row(
    number: int,
    deal: _Deal,
    place: int,
    where: tuple[str, str, int, tuple[str, ...], tuple[str, ...]],
    today: date,
) -> dict[str, str]:
    country, form, _, states, area_codes = where
    first = _FIRST_NAMES[country][place % len(_FIRST_NAMES[country])]
    last = _LAST_NAMES[country][place % len(_LAST_NAMES[country])]
    private = deal.playbook in _PRIVATE
    company = "" if private else f"{_STEMS[number % len(_STEMS)]} {_TRADES[number % len(_TRADES)]} {form}"
    host = "home" if private else _plain(company.removesuffix(form))
    role = "" if private else _ROLES[number % len(_ROLES)]
    row = dict.fromkeys(HEADERS, "") | _dates(number, deal, today)
    return row | {
        "Customer ID": f"C{1001 + number}",
        "First Name": first,
        "Last Name": last,
        "Company": company,
        "Role": role,
        "Email": f"{_plain(first)}.{_plain(last)}@{host}.example",
        "Phone": f"{area_codes[place % len(area_codes)]} 555 01{number:02}",
        "Country": country,
        "State": states[place % len(states)],
        "Playbook": deal.playbook,
        "Product": _PRODUCTS[deal.playbook][number % len(_PRODUCTS[deal.playbook])],
        "Goal": _GOALS[deal.playbook][number % len(_GOALS[deal.playbook])],
        "Usage": _USAGES[number % len(_USAGES)],
        "Tier": _TIERS[number % len(_TIERS)],
        "Tags": _TAGS[number % len(_TAGS)],
        "Do Not Contact": "yes" if number in _DO_NOT_CONTACT else "no",
        "Notes": _NOTES[number % len(_NOTES)],
    }


def _dates(number: int, deal: _Deal, today: date) -> dict[str, str]:
    """The dates of a sale, ISO; companies sign on working days."""
    signed = today - timedelta(days=deal.age)
    if deal.playbook not in _PRIVATE and signed.weekday() > 4:
        signed += timedelta(days=7 - signed.weekday())
        signed -= timedelta(
            days=7 if signed > today >= today - timedelta(days=deal.age) and deal.age >= 0 else 0
        )
    days: dict[str, date] = {"Signed": signed}
    live = signed + timedelta(days=deal.live or 0)
    if deal.live:
        days["Live"] = live
    if deal.playbook == "saas" and number % 2:
        years = 1 + max(0, (today - signed).days // 365)
        days["Renewal"] = signed + timedelta(days=365 * years)
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
