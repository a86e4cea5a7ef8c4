"""Columns of customer tables, in the shapes in which sixteen tools export them (bar 20), and as the user
maps them."""

from __future__ import annotations

import csv
import io

import pytest

from followup.errors import BadFileError
from followup.files.customer_mapping import ANCHORS, CustomerMapping, looks_like_sales, map_customers
from followup.files.customer_rows import read_customers
from followup.files.header_words import FIELDS, SALES, SALES_WORDS, WORDS, header_key, heading
from followup.files.tables import Table, read_table


def table_of(headers: list[str], *rows: list[str]) -> Table:
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return read_table(text.getvalue().encode(), source_name="them.csv")


def mapping_of(headers: str, *rows: str, explicit: dict[str, str] | None = None) -> CustomerMapping:
    return map_customers(table_of(headers.split(","), *(row.split(",") for row in rows)), explicit)


# Headings of real exports; the one person in each is invented.
SHAPES: dict[str, tuple[str, str, dict[str, str]]] = {
    "hubspot": (
        (
            "Record ID - Contact|First Name|Last Name|Email|Phone Number|Mobile Phone Number|Contact owner|"
            "Primary Associated Company ID|Last Activity Date|Lead Status|Marketing contact status|Create Date|"
            "Associated Company|Job Title|City|State/Region|Country/Region|Unsubscribed from all email|"
            "Lifecycle Stage|"
            "Number of Employees|Original Source"
        ),
        (
            "901|Zoé|van den Berg|zoe@bloem.example|+31 20 555 0101||sam@seller.example|1730|2026-11-02 09:30|OPEN|"
            "Non-marketing contact|2026-03-29 02:30|Bloem B.V.|CTO|Utrecht||Netherlands|false|customer|12|Direct"
        ),
        {
            "external_id": "Record ID - Contact",
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Associated Company",
            "email": "Email",
            "phone": "Phone Number",
            "phone_2": "Mobile Phone Number",
            "country": "Country/Region",
            "subdivision": "State/Region",
            "role": "Job Title",
            "last_contact": "Last Activity Date",
            "do_not_contact": "Unsubscribed from all email",
        },
    ),
    "salesforce": (
        (
            "Salutation|First Name|Last Name|Title|Mailing Street|Mailing City|Mailing State/Province|"
            "Mailing Zip/Postal Code|Mailing Country|Phone|Mobile|Fax|Asst. Phone|Email|Email Opt Out|Do Not Call|"
            "Account Owner|Account Name|Account ID|Last Activity|Last Modified Date"
        ),
        (
            "Ms.|Ana|Lee|Buyer|12 Rd|Boston|MA|02134|United States|(617) 555-0101||617 555 0199|617 555 0198|"
            "ana@lee.example|0|0|Sam Seller|Lee Inc.|001x|2026-10-01|2026-10-02"
        ),
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Account Name",
            "email": "Email",
            "phone": "Phone",
            "phone_2": "Mobile",
            "country": "Mailing Country",
            "subdivision": "Mailing State/Province",
            "role": "Title",
            "last_contact": "Last Activity",
            "do_not_contact": "Email Opt Out",
            "do_not_contact_2": "Do Not Call",
        },
    ),
    "google": (
        (
            "First Name|Middle Name|Last Name|Phonetic First Name|Name Prefix|Nickname|File As|Organization Name|"
            "Organization Title|Birthday|Notes|Labels|E-mail 1 - Label|E-mail 1 - Value|E-mail 2 - Label|"
            "E-mail 2 - Value|Phone 1 - Label|Phone 1 - Value|Address 1 - Label|Address 1 - City|Address 1 - Region|"
            "Address 1 - Country|Website 1 - Value|Event 1 - Label|Event 1 - Value"
        ),
        (
            "Grace||Okafor|||||Okafor Ltd|Director|--02-29|met in May|* myContacts ::: Customers|* Work|"
            "g@okafor.example|Home|g2@home.example|Mobile|+234 800 555 0112||Lagos||Nigeria|||"
        ),
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Organization Name",
            "email": "E-mail 1 - Value",
            "email_2": "E-mail 2 - Value",
            "phone": "Phone 1 - Value",
            "country": "Address 1 - Country",
            "subdivision": "Address 1 - Region",
            "role": "Organization Title",
            "tags": "Labels",
            "notes": "Notes",
        },
    ),
    "google of old": (
        (
            "Name|Given Name|Additional Name|Family Name|Yomi Name|Notes|Group Membership|E-mail 1 - Type|"
            "E-mail 1 - Value|Phone 1 - Type|Phone 1 - Value|Organization 1 - Type|Organization 1 - Name"
        ),
        "Grace Okafor|Grace||Okafor|||* myContacts|*|g@okafor.example|Mobile|+234 800 555 0112||Okafor Ltd",
        {
            "name": "Name",
            "first_name": "Given Name",
            "last_name": "Family Name",
            "company": "Organization 1 - Name",
            "email": "E-mail 1 - Value",
            "phone": "Phone 1 - Value",
            "tags": "Group Membership",
            "notes": "Notes",
        },
    ),
    "sample set": (
        "Index|Customer Id|First Name|Last Name|Company|City|Country|Phone 1|Phone 2|Email|Subscription Date|Website",
        (
            "1|E7st|Bree|Shaw|Stout and Sons|Port G|Antigua and Barbuda|(727)555-6178x913|348-555-1590|z@d.example|"
            "2021-09-11|https://f.example/"
        ),
        {
            "external_id": "Customer Id",
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Company",
            "email": "Email",
            "phone": "Phone 1",
            "phone_2": "Phone 2",
            "country": "Country",
            "signed": "Subscription Date",
        },
    ),
    "outlook": (
        (
            "Title|First Name|Middle Name|Last Name|Suffix|Company|Department|Job Title|Business Street|"
            "Business City|"
            "Business State|Business Country/Region|Home Country/Region|Assistant's Phone|Business Fax|"
            "Business Phone|"
            "Business Phone 2|Company Main Phone|Home Phone|Mobile Phone|Birthday|E-mail Address|E-mail Type|"
            "E-mail Display Name|E-mail 2 Address|Manager's Name|Notes|Categories|Web Page"
        ),
        (
            "Dr.|Jo||Bell||Bell AG|Sales|Buyer|Weg 1|Bern|BE|Switzerland||031 555 0190|031 555 0191|031 555 0101|||"
            "|079 555 0102|0/0/00|jo@bell.example|SMTP|Jo Bell|||note|VIP|"
        ),
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Company",
            "email": "E-mail Address",
            "email_2": "E-mail 2 Address",
            "phone": "Business Phone",
            "phone_2": "Business Phone 2",
            "phone_3": "Mobile Phone",
            "phone_4": "Home Phone",
            "phone_5": "Company Main Phone",
            "country": "Business Country/Region",
            "country_2": "Home Country/Region",
            "subdivision": "Business State",
            "role": "Job Title",
            "tags": "Categories",
            "notes": "Notes",
        },
    ),
    "zoho": (
        (
            "Record Id|Contact Owner.id|Contact Owner|Lead Source|First Name|Last Name|Account Name.id|Account Name|"
            "Email|Secondary Email|Title|Phone|Home Phone|Mobile|Fax|Asst Phone|Assistant|Email Opt Out|Created Time|"
            "Modified Time|Last Activity Time|Mailing Country|Tag|Description|Unsubscribed Mode|Unsubscribed Time"
        ),
        (
            "z1|o1|Sam Seller|Web|Ann|Lee|a1|Lee Ltd|ann@lee.example||CEO|020 555 0101||||020 555 0190|Pat|false|"
            "2026-01-01 10:00:00|2026-01-02 10:00:00|2026-02-01 10:00:00|United Kingdom|vip|likes tea||"
        ),
        {
            "external_id": "Record Id",
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Account Name",
            "email": "Email",
            "email_2": "Secondary Email",
            "phone": "Phone",
            "phone_2": "Mobile",
            "phone_3": "Home Phone",
            "country": "Mailing Country",
            "role": "Title",
            "last_contact": "Last Activity Time",
            "do_not_contact": "Email Opt Out",
            "do_not_contact_2": "Unsubscribed Time",
            "do_not_contact_3": "Unsubscribed Mode",
            "tags": "Tag",
            "notes": "Description",
        },
    ),
    "pipedrive": (
        (
            "Person - ID|Person - Name|Person - Label|Person - Organization|Person - Email - Work|"
            "Person - Email - Home|"
            "Person - Phone - Work|Person - Phone - Mobile|Person - Owner|Person - Marketing status|"
            "Person - Open deals|"
            "Person - Next activity date|Person - Last activity date|Person - Person created"
        ),
        "7|Ann Lee|Hot lead|Lee Ltd|ann@lee.example||020 555 0101||Sam|Unsubscribed|2|2027-01-10|2026-10-01|2025-05-05",
        {
            "external_id": "Person - ID",
            "name": "Person - Name",
            "company": "Person - Organization",
            "email": "Person - Email - Work",
            "email_2": "Person - Email - Home",
            "phone": "Person - Phone - Work",
            "phone_2": "Person - Phone - Mobile",
            "next_contact": "Person - Next activity date",
            "last_contact": "Person - Last activity date",
            "do_not_contact": "Person - Marketing status",
            "tags": "Person - Label",
        },
    ),
    "mailchimp": (
        (
            "Email Address|First Name|Last Name|Address|Phone Number|MEMBER_RATING|OPTIN_TIME|OPTIN_IP|CONFIRM_TIME|"
            "LATITUDE|TIMEZONE|CC|REGION|LAST_CHANGED|UNSUB_TIME|UNSUB_REASON|LEID|EUID|NOTES|TAGS"
        ),
        (
            "ann@lee.example|Ann|Lee|1 Rd|020 555 0101|2|2020-01-01 10:00:00|1.2.3.4|2020-01-01 10:00:00|1.5|"
            "Europe/London|gb|eng|2026-01-01 10:00:00|2026-02-01 10:00:00|N/A|123|abc||a"
        ),
        {
            "external_id": "EUID",
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "Email Address",
            "phone": "Phone Number",
            "country": "CC",
            "subdivision": "REGION",
            "timezone": "TIMEZONE",
            "do_not_contact": "UNSUB_TIME",
            "tags": "TAGS",
            "notes": "NOTES",
        },
    ),
    "dynamics": (
        (
            "(Do Not Modify) Contact|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On|Full Name|Email|"
            "Company Name|Business Phone|Mobile Phone|Job Title|Status|Owner|Do not allow Emails|"
            "Do not allow Phone Calls|Preferred Method of Contact|Address 1: Country/Region"
        ),
        (
            "guid-1|sum|2026-01-01|Ann Lee|ann@lee.example|Lee Ltd|020 555 0101||CEO|Active|Sam Seller|Allow|"
            "Do Not Allow|Email|United Kingdom"
        ),
        {
            "external_id": "(Do Not Modify) Contact",
            "name": "Full Name",
            "company": "Company Name",
            "email": "Email",
            "phone": "Business Phone",
            "phone_2": "Mobile Phone",
            "country": "Address 1: Country/Region",
            "role": "Job Title",
            "channel": "Preferred Method of Contact",
            "do_not_contact": "Do not allow Emails",
            "do_not_contact_2": "Do not allow Phone Calls",
        },
    ),
    "linkedin": (
        "First Name|Last Name|URL|Email Address|Company|Position|Connected On",
        "Ann|Lee|https://l.example/ann|ann@lee.example|Lee Ltd|CEO|21 Nov 2026",
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Company",
            "email": "Email Address",
            "role": "Position",
        },
    ),
    "insightly": (
        (
            "ContactID|Salutation|FirstName|LastName|OrganizationName|EmailAddress|Phone|PhoneMobile|PhoneFax|"
            "AddressMailCountry|EmailOptedOut|OwnerUserID|DateCreated"
        ),
        "5||Ann|Lee|Lee Ltd|ann@lee.example|020 555 0101|||Ireland|FALSE|9|2026-01-01",
        {
            "external_id": "ContactID",
            "first_name": "FirstName",
            "last_name": "LastName",
            "company": "OrganizationName",
            "email": "EmailAddress",
            "phone": "Phone",
            "phone_2": "PhoneMobile",
            "country": "AddressMailCountry",
            "do_not_contact": "EmailOptedOut",
        },
    ),
    "freshsales": (
        (
            "Id|First name|Last name|Subscription status|Job title|Emails|Work|Mobile|Accounts|Sales owner|"
            "Do not disturb|"
            "Has authority|Country|Last contacted time|Created at|Tags"
        ),
        (
            "77|Ann|Lee|Subscribed|CEO|ann@lee.example|020 555 0101||Lee Ltd|Sam|false|true|Ireland|2026-01-05 10:00|"
            "2025-01-01|"
        ),
        {
            "external_id": "Id",
            "first_name": "First name",
            "last_name": "Last name",
            "company": "Accounts",
            "email": "Emails",
            "phone": "Work",
            "phone_2": "Mobile",
            "country": "Country",
            "role": "Job title",
            "last_contact": "Last contacted time",
            "do_not_contact": "Do not disturb",
            "do_not_contact_2": "Subscription status",
            "tags": "Tags",
        },
    ),
    "xero": (
        (
            "*ContactName|AccountNumber|EmailAddress|FirstName|LastName|POCity|POCountry|PhoneNumber|FaxNumber|"
            "MobileNumber"
        ),
        "Lee Ltd|A1|ann@lee.example|Ann|Murphy|Cork|Ireland|021 555 0101||087 555 0102",
        {
            "first_name": "FirstName",
            "last_name": "LastName",
            "company": "*ContactName",
            "email": "EmailAddress",
            "phone": "PhoneNumber",
            "phone_2": "MobileNumber",
            "country": "POCountry",
        },
    ),
    "shopify": (
        (
            "Customer ID|First Name|Last Name|Email|Accepts Email Marketing|Default Address Company|"
            "Default Address City|Default Address Province Code|Default Address Country Code|"
            "Default Address Phone|Phone|"
            "Accepts SMS Marketing|Total Spent|Total Orders|Note|Tax Exempt|Tags"
        ),
        "'1|Ann|Lee|ann@lee.example|no||Cork||IE||+353 21 555 0101|no|10.00|1|||",
        {
            "external_id": "Customer ID",
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Default Address Company",
            "email": "Email",
            "phone": "Phone",
            "phone_2": "Default Address Phone",
            "country": "Default Address Country Code",
            "subdivision": "Default Address Province Code",
            "tags": "Tags",
            "notes": "Note",
        },
    ),
    "vtiger": (
        (
            "First Name|Last Name|Organization Name|Title|Primary Email|Office Phone|Mobile Phone|Do Not Call|"
            "Email Opt Out|Notify Owner|Assigned To|Mailing Country"
        ),
        "Ann|Lee|Lee Ltd|CEO|ann@lee.example|020 555 0101||no|yes|no|Sam|Ireland",
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Organization Name",
            "email": "Primary Email",
            "phone": "Office Phone",
            "phone_2": "Mobile Phone",
            "country": "Mailing Country",
            "role": "Title",
            "do_not_contact": "Email Opt Out",
            "do_not_contact_2": "Do Not Call",
        },
    ),
    "german": (
        (
            "Kundennummer|Vorname|Name|Firma|E-Mail-Adresse|Telefon|Handy|Land|Verkaufsdatum|Wiedervorlage am|"
            "Letzter Kontakt|Werbesperre|Bemerkungen|Bearbeiter"
        ),
        (
            "4711|Jörg|Müller|Müller GmbH|j@mueller.example|089 555 0101|0170 555 0102|Deutschland|31.12.2025|"
            "02.02.2026|"
            "15.01.2026|nein|nett|Sam"
        ),
        {
            "external_id": "Kundennummer",
            "first_name": "Vorname",
            "last_name": "Name",
            "company": "Firma",
            "email": "E-Mail-Adresse",
            "phone": "Telefon",
            "phone_2": "Handy",
            "country": "Land",
            "signed": "Verkaufsdatum",
            "next_contact": "Wiedervorlage am",
            "last_contact": "Letzter Kontakt",
            "do_not_contact": "Werbesperre",
            "notes": "Bemerkungen",
        },
    ),
    "french": (
        (
            "N° client|Nom|Prénom|Société|Adresse e-mail|Téléphone|Portable|Pays|Date d'achat|Prochaine relance|"
            "Remarques|"
            "Ne pas contacter"
        ),
        "12|Dupré|Zoé|Dupré SARL|z@dupre.example|01 55 55 01 01|06 55 55 01 02|France|2026-01-31|2026-03-01|ok|non",
        {
            "external_id": "N° client",
            "first_name": "Prénom",
            "last_name": "Nom",
            "company": "Société",
            "email": "Adresse e-mail",
            "phone": "Téléphone",
            "phone_2": "Portable",
            "country": "Pays",
            "signed": "Date d'achat",
            "next_contact": "Prochaine relance",
            "do_not_contact": "Ne pas contacter",
            "notes": "Remarques",
        },
    ),
    "spanish": (
        "Nombre|Apellidos|Empresa|Correo electrónico|Teléfono|Móvil|País|Fecha de venta|No contactar|Observaciones",
        "Lucía|Peña|Peña S.L.|l@pena.example|91 555 01 01||España|31/01/2026|no|",
        {
            "first_name": "Nombre",
            "last_name": "Apellidos",
            "company": "Empresa",
            "email": "Correo electrónico",
            "phone": "Teléfono",
            "phone_2": "Móvil",
            "country": "País",
            "signed": "Fecha de venta",
            "do_not_contact": "No contactar",
            "notes": "Observaciones",
        },
    ),
}


@pytest.mark.parametrize("tool", SHAPES)
def test_exports_of_other_tools_are_mapped_unaided(tool: str) -> None:
    """Bar 20: every name, address, phone, company, country and opt-out column, and none of them wrong."""
    headers, row, expected = SHAPES[tool]
    table = table_of(headers.split("|"), row.split("|"))
    mapping = map_customers(table)

    assert mapping.named == expected
    assert set(mapping.unmapped) == set(table.headers) - set(expected.values())


@pytest.mark.parametrize("tool", SHAPES)
def test_exports_of_other_tools_come_in_whole(tool: str) -> None:
    """Bar 20: 100 % of the rows, and no filled cell is lost."""
    headers, row, _ = SHAPES[tool]
    good, bad = read_customers(table := table_of(headers.split("|"), row.split("|")), map_customers(table))

    assert bad == []
    assert [customer.line for customer in good] == [2]
    assert good[0].contacts[0].email
    assert "seller" not in good[0].contacts[0].email
    assert "Sam" not in good[0].customer.name + good[0].customer.company


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        ("Name,Company", "Ann Lee,Lee Ltd", {"name": "Name", "company": "Company"}),
        ("Customer,Contact,Email", "Lee Ltd,Ann Lee,a@x", {"name": "Contact", "company": "Customer", "email": "Email"}),
        ("Customer,Email", "Ann Lee,a@x", {"name": "Customer", "email": "Email"}),
        ("Customer,Company", "Ann Lee,Lee Ltd", {"name": "Customer", "company": "Company"}),
        ("Name,Contact person", "Lee Ltd,Ann Lee", {"name": "Contact person", "company": "Name"}),
        (
            "Name,First name,Last name",
            "Ann Lee,Ann,Lee",
            {"name": "Name", "first_name": "First name", "last_name": "Last name"},
        ),
        (
            "Name,First name,Last name",
            "Lee Ltd,Ann,Bo",
            {"company": "Name", "first_name": "First name", "last_name": "Last name"},
        ),
        ("First name,Name", "Ann,Ann Lee", {"first_name": "First name", "name": "Name"}),
        ("Nombre,Correo", "Ann Lee,a@x", {"name": "Nombre", "email": "Correo"}),
        ("Contact,Name", "a@x.example,Ann Lee", {"name": "Name"}),
        ("Customer,Name", "10032,Ann Lee", {"name": "Name"}),
        (
            "Customer name,First name,Last name",
            "Lee Ltd,Ann,Bo",
            {"company": "Customer name", "first_name": "First name", "last_name": "Last name"},
        ),
    ],
)
def test_persons_and_companies_are_told_apart_by_what_stands_beside_them(
    headers: str, row: str, expected: dict[str, str]
) -> None:
    assert mapping_of(headers, row).named == expected


@pytest.mark.parametrize(
    "header",
    [
        "Contact owner",
        "Account Owner",
        "Owner Email",
        "Sales owner",
        "Assistant's Phone",
        "Asst. Phone",
        "Fax",
        "Email Domain",
        "Email Type",
        "Email Confirmed",
        "Phone 1 Ext",
        "Manager's Name",
        "Phonetic First Name",
        "Primary Associated Company ID",
        "Account ID",
        "Company ID",
        "Create Date",
        "Created Time",
        "Connected On",
        "Birthday",
        "Close Date",
        "Marketing contact status",
        "Accepts Email Marketing",
        "Opt in",
        "GDPR consent",
        "Index",
        "Lead Status",
        "Reports To",
        "Responsible person",
        "E-mail 1 - Label",
        "Number of Employees",
        "Company owner",
        "Company Owner Email",
        "Account Manager",
        "Account Manager Email",
        "Sales Rep",
        "Sales Rep Phone",
        "Assigned To",
        "Assigned to e-mail",
        "Created By",
        "Last modified by",
        "Owner name",
        "Zuständiger Mitarbeiter",
        "Betreuer",
        "E-Mail Betreuer",
        "Vertriebsmitarbeiter",
        "Telefon Assistent",
        "Name des/der Vorgesetzten",
        "Commercial",
        "Email du commercial",
        "Responsable",
        "Propriétaire du contact",
        "Nom complet de l'adresse de messagerie",
        "Téléphone de l'assistant(e)",
        "Gestor de cuenta",
        "Correo del comercial",
        "Tipo de correo electrónico",
        "Nombre de pantalla de correo electrónico",
        "Spouse",
        "Spouse Name",
        "Referred by",
        "Parent company",
        "Email Bounced",
        "Email Bounced Date",
        "Email opt-in",
        "Email Opens",
        "Email messages count",
        "Phone extension",
        "Phone country code",
        "Fax Opt Out",
        "Do not allow Faxes",
        "Opted out of email: One to One",
        "Unsubscribed from: One to One",
        "Confirmed Opt-Out Reason",
        "Unsubscribe URL",
        "Last modified",
        "Closing Date",
        "Expected close date",
        "Quote date",
        "Mailing Zip",
        "Address",
        "Company Domain Name",
        "Company Name for Emails",
        "User ID",
        "Bank Account Name",
        "Company size",
        "Total Spent",
        "Annual Revenue",
        "Einwilligung Newsletter",
        "Consentimiento",
        "Consentement RGPD",
    ],
)
def test_headings_that_look_alike_are_not_taken(header: str) -> None:
    """A seller is not the customer, a consent that was not given is no wish to be left alone, a creation is
    no sale."""
    assert heading(header) is None


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Sale", ["1200.00", "900"], None),
        ("Sale", ["2026-01-02", ""], "signed"),
        ("Tier", ["Gold", "Silver"], None),
        ("Tier", ["A", "b", "C"], "tier"),
        ("Usage", ["93 %", "12 %"], None),
        ("Usage", ["heavy", "light", "hevy"], "usage"),
        ("Type", ["Customer", "Partner"], None),
        ("Type", ["Person", "Organisation"], "kind"),
        ("Channel", ["Online Store", "POS"], None),
        ("Channel", ["phone", "email"], "channel"),
        ("CC", ["a@x", "b@x"], None),
        ("SMS", ["yes", "no"], None),
        ("SMS", ["+49 170 555 0101"], "phone"),
        ("Mail", ["12 Main St"], None),
        ("Account", ["10023"], None),
        ("Time zone", ["(GMT+1) Berlin"], None),
        ("Follow up", ["yes"], None),
        ("Signed", ["yes", "no"], None),
        ("Signed", ["May 2026"], "signed"),
        ("Last activity", ["2 days ago"], None),
        ("Last contacted", ["2 days ago", "yesterday"], None),
        ("Value", ["high", "low"], None),
        ("Value", ["1.200,50 €", "900"], "value"),
        ("Total", ["12", "n/a"], "value"),
        ("Total", [""], None),
        ("Email status", ["Verified", "Guessed"], None),
        ("Email status", ["Active", "Unsubscribed"], "do_not_contact"),
        ("Status", ["Active", "Unsubscribed"], "do_not_contact"),
        ("Status", ["Active", "Customer"], None),
        ("Subscription status", ["active", "canceled", "past_due"], None),
        ("Email Marketing Consent", ["yes", "no"], None),
        ("Unsubscribe", ["https://x.example/u/1"], None),
        ("No. calls", ["3", "12", "0"], None),
        ("Do not call", ["1", "0"], "do_not_contact"),
        ("Do not contact", ["by letter only", "ask Bo first"], "do_not_contact"),
        ("Werbung gesperrt", ["seit Mai"], "do_not_contact"),
        ("Opposition", ["the party of 2020"], None),
        ("Phone", ["yes"], None),
        ("Work e-mail of customer", ["weekly"], None),
        ("Work e-mail of customer", ["a@x.example"], "email"),
        ("Key", ["PROJ-1"], None),
        ("Added on", ["2026-01-01"], None),
        ("Contact__c", ["0035g00000AbCdE", "0035g00000AbCdEFGH"], None),
        ("Account", ["0015g00000AbCdEAAV"], None),
        ("Customer", ["3f2504e0-4f89-11d3-9a0c-0305e82c3301"], None),
        ("State", ["cancelled", "active"], None),
        ("State", ["MA"], "subdivision"),
        ("Bulk Email Status", ["Opted-Out", "Opted-In"], "do_not_contact"),
        ("Next task", ["Call her"], None),
        ("Next task", ["2026-05-01"], "next_contact"),
    ],
)
def test_headings_with_two_meanings_are_decided_by_the_cells(header: str, cells: list[str], field: str | None) -> None:
    mapping = map_customers(table_of(["Name", header], *(["Ann", cell] for cell in cells)))

    assert mapping.named == {"name": "Name"} | ({field: header} if field else {})


def test_an_explicit_mapping_goes_before_any_guess() -> None:
    mapping = mapping_of(
        "Name,Firm,Email,Second mail,Started,Due",
        "Ann,Lee Ltd,a@x.example,b@x.example,2026-01-02,2026-05-05",
        explicit={
            "company": "Firm",
            "email": "Second mail",
            "signed": "Started",
            "anchor:inspection": "due",
            "notes": "Email",
        },
    )

    assert mapping.named == {
        "name": "Name",
        "company": "Firm",
        "email": "Second mail",
        "signed": "Started",
        "notes": "Email",
        "anchor:inspection": "Due",
    }
    assert mapping.anchors == {"sale": 4, "inspection": 5}


def test_a_field_can_be_left_out() -> None:
    mapping = mapping_of("Name,Notes", "Ann,secret", explicit={"notes": "-"})

    assert (mapping.named, mapping.unmapped) == ({"name": "Name"}, ("Notes",))


def test_everything_unknown_in_an_explicit_mapping_is_told_at_once_with_the_nearest() -> None:
    with pytest.raises(BadFileError) as caught:
        mapping_of("Name,Work Mail", explicit={"emial": "Work Mail", "phone": "Work Mial", "name": "Name"})

    assert caught.value.sentence == "them.csv: there is no field 'emial' (and 1 more)"
    assert [(p.message, p.hint) for p in caught.value.problems] == [
        ("there is no field 'emial'", "did you mean email?"),
        ("there is no column 'Work Mial'", "did you mean 'Work Mail'?"),
    ]


def test_a_heading_that_stands_twice_is_refused_where_it_is_needed() -> None:
    """TRUST 2.2: which of two e-mail columns is the customer's is not guessed; mapped by name, both are
    kept."""
    table = table_of(["name", "email", "info", "email", "info"], ["Ann", "a@x.example", "1", "b@x.example", "2"])
    with pytest.raises(BadFileError) as caught:
        map_customers(table)
    (good,), _ = read_customers(table, map_customers(table, {"email": "email (2)"}))

    assert caught.value.sentence == "them.csv: 2 columns are called 'email': numbers 2 and 4"
    assert caught.value.hint == "rename one, or choose one with --map FILE and the line: email = email (2)"
    assert good.contacts[0].email == "b@x.example"
    assert good.customer.extra == {"email": "a@x.example", "info": "1", "info (2)": "2"}


def test_a_table_of_no_customers_is_refused() -> None:
    with pytest.raises(BadFileError) as caught:
        mapping_of("Datum,Betrag", "2026-01-01,12")

    assert caught.value.sentence == (
        "them.csv has no column for a name, a company, an e-mail or a phone; its columns are 'Datum', 'Betrag'"
    )


def test_own_exports_come_back_by_their_field_names() -> None:
    headers = (
        "id,key,external_id,name,company,kind,country,subdivision,timezone,usage,tier,tags,do_not_contact,notes,extra"
    )
    mapping = mapping_of(headers, "7,ann,C1,Ann,Lee Ltd,company,DE,BY,Europe/Berlin,heavy,A,a,no,n,{}")

    assert mapping.named == {name: name for name in headers.split(",")[1:]}
    assert mapping.unmapped == ()


def test_the_problem_column_of_a_rejects_file_is_nobodys() -> None:
    mapping = mapping_of("followup_problem,Name", "bad date,Ann")

    assert (mapping.named, mapping.unmapped) == ({"name": "Name"}, ())


def test_every_word_belongs_to_one_field_and_is_written_plainly() -> None:
    words = [word for entry in FIELDS.values() for word in entry.words]

    assert sorted(words) == sorted(set(words))
    assert [word for word in words if header_key(word) != word] == []
    assert set(WORDS) == set(words)
    assert set(ANCHORS) < set(FIELDS)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("E-Mail_Address", "email address"),
        ("emailAddress", "email address"),
        ("  Prénom ", "prenom"),
        ("Customer #", "customer number"),
        ("*ContactName", "contact name"),
        ("Straße", "strasse"),
        ("Ｎａｍｅ", "name"),
    ],
)
def test_headings_are_compared_by_their_plain_words(header: str, key: str) -> None:
    assert header_key(header) == key


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Primary Contact Work E-mail", "email"),
        ("Kunden E-Mail", "email"),
        ("E-Mail (geschäftlich)", "email"),
        ("E-Mail-Adresse 2", "email"),
        ("E-mailadres", "email"),
        ("Adresse e-mail professionnelle", "email"),
        ("Correo electrónico principal", "email"),
        ("Tertiary Email", "email"),
        ("Invitee Email", "email"),
        ("Email (Billing)", "email"),
        ("Telefon (mobil)", "phone"),
        ("Numéro de téléphone portable", "phone"),
        ("Teléfono móvil de la empresa", "phone"),
        ("Alt. Phone", "phone"),
        ("First Name (Billing)", "first_name"),
        ("Organisation name", "company"),
        ("Last Activity Date (UTC+0)", "last_contact"),
        ("Amount (EUR)", "value"),
        ("Pays/Région (bureau)", "country"),
        ("Please do not contact", "do_not_contact"),
        ("Bitte nicht anrufen", "do_not_contact"),
        ("Ne plus envoyer d'e-mails", "do_not_contact"),
        ("Von allen E-Mails abgemeldet", "do_not_contact"),
        ("Désabonné de tous les e-mails", "do_not_contact"),
        ("Email opt-out date", "do_not_contact"),
        ("SMS Opt-Out", "do_not_contact"),
        ("Land/Region geschäftlich", "country"),
        ("Land/Region privat", "country"),
        ("Telefono cellulare", "phone"),
        ("Telefone comercial", "phone"),
        ("Telefoon (werk)", "phone"),
        ("Main Phone #s", "phone"),
        ("Geschäftliche E-Mail", "email"),
        ("E-mail (facturatie)", "email"),
        ("What's your e-mail address?", "email"),
        ("Ihre E-Mail-Adresse", "email"),
        ("Votre téléphone", "phone"),
        ("Bloctel", "do_not_contact"),
        ("Lista Robinson", "do_not_contact"),
    ],
)
def test_headings_put_together_of_known_words_are_understood(header: str, field: str) -> None:
    """Bar 20: no list of headings is ever complete; words that can mean nothing else are enough."""
    found = heading(header)

    assert found is not None
    assert found.field == field


# How the Data Loader of Salesforce writes its headings.
RUN_TOGETHER = {
    "FIRSTNAME": "first_name",
    "LASTNAME": "last_name",
    "EMAIL": "email",
    "MOBILEPHONE": "phone",
    "HOMEPHONE": "phone",
    "OTHERPHONE": "phone",
    "PERSONMOBILEPHONE": "phone",
    "MAILINGCOUNTRY": "country",
    "MAILINGSTATE": "subdivision",
    "HASOPTEDOUTOFEMAIL": "do_not_contact",
    "PERSONHASOPTEDOUTOFEMAIL": "do_not_contact",
    "DONOTCALL": "do_not_contact",
    "LASTACTIVITYDATE": "last_contact",
    "PersonMobilePhone": "phone",
    "Do_Not_Contact__c": "do_not_contact",
    "Renewal_Date__c": "renewal",
    "Opt_Out__pc": "do_not_contact",
    "nextfollowupdate": "next_contact",
    **dict.fromkeys(
        (
            *("HASOPTEDOUTOFFAX", "LASTCUREQUESTDATE", "LASTCUUPDATEDATE", "CREATEDDATE", "OWNERID", "MAILINGSTREET"),
            *("EMAILBOUNCEDDATE", "EMAILBOUNCEDREASON", "ISEMAILBOUNCED", "MAILINGPOSTALCODE", "ACCOUNTID"),
            *("MASTERRECORDID", "PARENTACCOUNTID", "CREATEDATE", "CONTACTOWNER", "ACCOUNTOWNER", "FAXNUMBER"),
            *("ASSISTANTNAME", "ASSISTANTPHONE", "LASTMODIFIEDDATE", "SYSTEMMODSTAMP", "REPORTSTOID", "PHOTOURL"),
            *("LASTVIEWEDDATE", "LASTREFERENCEDDATE", "JIGSAWCONTACTID", "INDIVIDUALID", "CREATEDBYID", "LEADSOURCE"),
        ),
        None,
    ),
}


@pytest.mark.parametrize(("header", "field"), RUN_TOGETHER.items())
def test_headings_run_together_are_known_by_their_letters(header: str, field: str | None) -> None:
    """Nothing but a known heading with its blanks taken out; a fax is nobody's wish to be left alone."""
    found = heading(header)

    assert (found.field if found else None) == field


def test_no_two_headings_have_the_same_letters_and_other_meanings() -> None:
    for words in (WORDS, {**WORDS, **SALES_WORDS}):
        fields: dict[str, set[str]] = {}
        for word, (name, _) in words.items():
            if len(letters := word.replace(" ", "")) >= 8:
                fields.setdefault(letters, set()).add(name)

        assert {letters: names for letters, names in fields.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    "header",
    [
        *("Accepts Email Marketing", "Accepts SMS Marketing", "Accepts Marketing", "accepts_marketing"),
        *("Werbung erlaubt", "Newsletter", "Marketing-Einwilligung", "Opt-in", "Email opt-in", "Double Opt-In"),
    ],
)
@pytest.mark.parametrize("cell", ["no", "yes"])
def test_a_consent_that_was_never_given_is_no_opt_out(header: str, cell: str) -> None:
    """A shop's customer who did not tick the box for mailings may be called about the purchase (a decision)."""
    assert mapping_of(f"Name,{header}", f"Ann,{cell}").named == {"name": "Name"}


@pytest.mark.parametrize(
    ("headers", "row", "fields"),
    [
        (
            (
                "Klantnaam,Contactpersoon,E-mailadres,Telefoonnummer,Mobiel,Verkoopdatum,Laatste contact,"
                "Volgende contact,Opmerkingen,Niet benaderen,Accountmanager"
            ),
            "Bloem B.V.,Zoë Bos,z@b.example,020 555 0101,06 5550 0101,2026-03-29,2026-04-01,2026-05-01,x,nee,Sam",
            "company name email phone phone_2 signed last_contact next_contact notes do_not_contact",
        ),
        (
            (
                "Ragione sociale,Referente,E-mail,Telefono,Cellulare,Data contratto,Ultimo contatto,Prossimo contatto,"
                "Note,Non contattare,Agente"
            ),
            "Rossi Srl,Ugo Rossi,u@r.example,06 555 0101,333 555 0101,2026-03-29,2026-04-01,2026-05-01,x,no,Sam",
            "company name email phone phone_2 signed last_contact next_contact notes do_not_contact",
        ),
        (
            (
                "Empresa,Nome do contato,E-mail,Telefone,Celular,Data da venda,Último contato,Próximo contato,"
                "Observações,Não contatar,Responsável"
            ),
            "Sol Lda,Rui Sol,r@s.example,11 5550 0101,11 95550 0101,2026-03-29,2026-04-01,2026-05-01,x,não,Sam",
            "company name email phone phone_2 signed last_contact next_contact notes do_not_contact",
        ),
        (
            (
                "Имя,Фамилия,Компания,Телефон,Мобильный телефон,Электронная почта,Дата продажи,Последний контакт,"
                "Следующий контакт,Комментарий,Не беспокоить,Ответственный"
            ),
            "Иван,Петров,Ромашка,495 555 0101,905 555 0101,i@r.example,2026-03-29,2026-04-01,2026-05-01,x,нет,Sam",
            "first_name last_name company phone phone_2 email signed last_contact next_contact notes do_not_contact",
        ),
        ("ФИО,Организация,Почта", "Пётр Ли,Ромашка,p@r.example", "name company email"),
        (
            (
                "Imię,Nazwisko,Firma,Telefon,Telefon komórkowy,Adres e-mail,Data sprzedaży,Ostatni kontakt,"
                "Następny kontakt,Uwagi,Nie kontaktować,Opiekun"
            ),
            "Ewa,Lis,Lis sp.,22 555 0101,600 555 010,e@l.example,2026-03-29,2026-04-01,2026-05-01,x,nie,Sam",
            "first_name last_name company phone phone_2 email signed last_contact next_contact notes do_not_contact",
        ),
        ("Imię i nazwisko,Nazwa firmy,Numer telefonu", "Ewa Lis,Lis sp.,600 555 010", "name company phone"),
        (
            "First Name,Last Name,Date of Last Activity,Date of Next Activity,Date Created",
            "Ann,Lee,2026-04-01,2026-05-01,2026-01-01",
            "first_name last_name last_contact next_contact",
        ),
        (
            "Name,Next Activity Deadline,Last Activity Date,Next Activity Type",
            "Ann,2026-05-01,2026-04-01,Call",
            "name next_contact last_contact",
        ),
        (
            "Vorname,Nachname,Region geschäftlich,Land/Region geschäftlich,Bundesland/Kanton privat,Ort geschäftlich",
            "Ann,Lee,Bayern,Deutschland,,München",
            "first_name last_name subdivision country subdivision_2",
        ),
        *(
            (f"Name,{header}", "Ann,ja", "name do_not_contact")
            for header in (
                *("Werbung gesperrt", "Werbesperre", "Kontakt gesperrt", "Keine Werbung", "Widerspruch Werbung"),
                *("Werbewiderspruch", "Widerspruch gegen Werbung", "Nicht mehr kontaktieren", "Bitte keine Anrufe"),
            )
        ),
    ],
)
def test_tables_in_other_languages(headers: str, row: str, fields: str) -> None:
    """Every column in its turn is the field of that turn; the last one is the seller's or nobody's."""
    mapping = mapping_of(headers, row)

    named = {header: name for name, header in mapping.named.items()}
    assert [named[header] for header in headers.split(",") if header in named] == fields.split()
    assert len(named) >= len(headers.split(",")) - 1


OWN = (
    "id,key,name,company,kind,country,subdivision,role,email,phone,channel,usage,tier,tags,do_not_contact,notes,extra,"
    "external_id"
)


def test_own_headings_are_taken_whatever_their_cells_say() -> None:
    """TRUST: what was exported comes back, so the look of the cells drops no column of an own table."""
    mapping = mapping_of(OWN, "1,k,Ann,,person,,,,,:,,normal,B,,false,,,")

    assert mapping.named == {name: name for name in OWN.split(",")[1:]}
    assert mapping.is_own


@pytest.mark.parametrize(
    "header",
    [
        *("Responsável", "Accountmanager", "Verantwoordelijke", "Opiekun", "Менеджер", "Ответственный", "Agente"),
        *("Commerciale", "Venditore", "Kundenbetreuer", "Email agente", "E-mail verkoper", "Telefon opiekuna"),
        *("Телефон менеджера", "Email менеджера", "Email do vendedor", "Ihr Ansprechpartner", "Your contact"),
        *("Data utworzenia", "Data creazione", "Data de criação", "Aanmaakdatum", "Дата создания", "Data modifica"),
        *("Data urodzenia", "Data di nascita", "Data de nascimento", "Geboortedatum", "Дата рождения", "Факс"),
        *("Your reference", "Your order number", "OWNEREMAIL", "ACCOUNTOWNER", "CREATEDBYNAME", "Owner_Email__c"),
        *("Gesperrt", "Liste rouge", "Last email date", "Partita IVA", "NIP", "ИНН", "KvK-nummer", "Codice fiscale"),
    ],
)
def test_sellers_creations_and_numbers_of_other_languages_are_not_taken(header: str) -> None:
    assert heading(header) is None
    assert heading(header, SALES) is None


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        # The company's name beside the contact's.
        ("Nom,Nom du contact", "Lee SARL,Anne", {"company": "Nom", "name": "Nom du contact"}),
        (
            "Nom,Prénom du contact,Nom du contact",
            "Lee SARL,Anne,Lee",
            {"company": "Nom", "first_name": "Prénom du contact", "last_name": "Nom du contact"},
        ),
        (
            "Nom,Prénom,Nom de famille",
            "SARL X,Anne,Lee",
            {"company": "Nom", "first_name": "Prénom", "last_name": "Nom de famille"},
        ),
        ("Display name,Contact name", "Lee Ltd,Ann", {"company": "Display name", "name": "Contact name"}),
        ("Display name,Contact name", "Ann Lee,Ann Lee", {"name": "Display name"}),
        # The person's name written twice.
        ("Nombre,Nombre completo", "Ana,Ana Ruiz", {"name": "Nombre completo"}),
        ("Full Name,Buyer,Email", "Ann Lee,annl (Ann Lee),a@x.example", {"name": "Full Name", "email": "Email"}),
        # A first name that is called the name.
        ("Name,Last name", "Ann,Lee", {"first_name": "Name", "last_name": "Last name"}),
        ("Name,Last name", "Ann Lee,Lee", {"name": "Name", "last_name": "Last name"}),
        # A column without a single cell gives way to another one of the same meaning.
        (
            "Vorname,Nachname,Ansprechpartner Vorname,Ansprechpartner Nachname,Firma",
            ",,Anna,Lee,Lee GmbH",
            {"first_name": "Ansprechpartner Vorname", "last_name": "Ansprechpartner Nachname", "company": "Firma"},
        ),
    ],
)
def test_whose_name_it_is_where_several_columns_have_one(headers: str, row: str, expected: dict[str, str]) -> None:
    assert mapping_of(headers, row).named == expected


def test_a_user_is_the_customer_only_where_no_other_column_is() -> None:
    """A calendar names its host as the user and the customer as the invitee."""
    assert mapping_of("User Email,Invitee Email", "sam@x.example,ann@x.example").named == {"email": "Invitee Email"}
    assert mapping_of("User Email,Name", "ann@x.example,Ann").named == {"name": "Name", "email": "User Email"}


def test_a_table_of_companies_names_companies() -> None:
    assert mapping_of("Name,Phone,Number of Employees", "Lee Ltd,030 555 0101,12").named == {
        "company": "Name",
        "phone": "Phone",
    }
    assert mapping_of("Name,Phone,Job title", "Ann Lee,030 555 0101,CEO").named["name"] == "Name"


def test_first_and_last_alone_may_be_anything() -> None:
    assert mapping_of("First,Last,Email", "Ann,Lee,a@x.example").named == {
        "first_name": "First",
        "last_name": "Last",
        "email": "Email",
    }
    assert mapping_of("Name,Last", "Ann,price").named == {"name": "Name"}


def test_a_second_column_of_a_field_can_be_named() -> None:
    """The result names columns `phone` and `phone_2`; what it says can be said back."""
    mapping = mapping_of(
        "Name,A,B,Phone", "Ann,030 555 01,030 555 02,030 555 03", explicit={"phone_2": "A", "phone": "B"}
    )

    assert mapping.named == {"name": "Name", "phone": "B", "phone_2": "A"}
    assert mapping.unmapped == ("Phone",)


def test_a_heading_that_stands_twice_is_left_out_where_nothing_depends_on_it() -> None:
    table = table_of(["name", "tags", "tags"], ["Ann", "a", "b"])
    (good,), _ = read_customers(table, map_customers(table))

    assert good.customer.tags == ()
    assert good.customer.extra == {"tags": "a", "tags (2)": "b"}


def test_the_same_id_in_many_rows_is_the_companys() -> None:
    mapping = mapping_of("contact_id,id,name", "88,1,Ann", "88,2,Bob")

    assert mapping.named == {"external_id": "id", "name": "name"}


@pytest.mark.parametrize(
    ("headers", "is_sales"),
    [
        ("Deal Name,Deal Stage,Close Date", True),
        ("Opportunity Name,Close Date,Amount", True),
        ("Deal - Title,Deal - Status,Person - Name", True),
        ("Name,Deal value,Deal stage", True),
        ("First Name,Deal value,Deal stage", False),
        ("Name,Email,Close Date", False),
        ("Name,Stage,Email", False),
        ("Company,Product,Contract value,Signed", False),
    ],
)
def test_a_table_of_sales_is_plainly_one_or_it_is_none(headers: str, is_sales: bool) -> None:
    assert looks_like_sales(headers.split(",")) is is_sales


def test_headings_mean_something_else_in_a_table_of_sales() -> None:
    headers = ["Record ID", "Deal Name", "Close Date", "Amount", "Status", "Account ID", "Contact Name"]
    table = table_of(headers, ["9", "Ledger", "2026-01-02", "12.50", "won", "A1", "Ann Lee"])

    assert map_customers(table, kind=SALES).named == {
        "external_id": "Account ID",
        "name": "Contact Name",
        "product": "Deal Name",
        "signed": "Close Date",
        "value": "Amount",
        "sale_id": "Record ID",
        "deal_stage": "Status",
    }
    assert map_customers(table).named == {"external_id": "Record ID", "name": "Contact Name", "value": "Amount"}


def test_the_product_goes_before_the_name_of_the_deal() -> None:
    table = table_of(["Deal Name", "Product", "Company"], ["Renewal", "Ledger", "Lee Ltd"])
    mapping = map_customers(table, kind=SALES)

    assert mapping.named == {"company": "Company", "product": "Product"}
    assert mapping.unmapped == ("Deal Name",)


def test_every_word_of_sales_belongs_to_one_field_and_is_written_plainly() -> None:
    assert [word for word in SALES_WORDS if header_key(word) != word] == []
    assert {field for field, _ in SALES_WORDS.values()} - {"deal_name", "deal_or_name"} < set(FIELDS)
