"""The words under which other tools export a column: one table, many languages, exact matches only.

A heading is first brought to a plain key (`header_key`): lower case, no accents, camelCase and punctuation as spaces,
numbers set aside. Words are looked up whole; nothing is found by a part of a heading, so `Contact owner`,
`Assistant's Phone`, `Email Domain` or `Primary Associated Company ID` are nobody's name, phone, address or company.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """One field: its headings, the most telling first. `many`: further columns are kept as second, third choice."""

    field: str
    words: tuple[str, ...]
    many: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for line in text.strip().splitlines() for part in line.split(",") if (word := part.strip()))


# Which kind of answer an opt-out column gives. A column about marketing *consent* is none of these: not
# being a marketing contact, or not having opted in, is no wish to be left alone.
OPT_OUT_FLAGS = _words("""
    do not contact, dnc, no contact, never contact, do not disturb, do not reach out, contact blocked
    opt out, opted out, opt out of contact, email opt out, email opted out, has opted out of email, optout
    emailoptout
    opted out of email, unsubscribed, unsubscribed from all email, unsubscribe, email unsubscribed
    is unsubscribed
    do not email, do not call, do not phone, do not mail, no email, no calls, no phone, phone opt out
    call opt out
    sms opt out, do not sms, do not allow email, do not allow emails, do not allow phone call
    do not allow phone calls
    do not allow bulk email, do not allow bulk emails, donotcontact, donotemail, donotcall, donotphone
    donotbulkemail, email blacklisted, blacklisted, blocklisted, email blacklist, blacklist, blocklist
    suppressed
    marketing opt out, email marketing opt out, all channel opt out
    werbesperre, kontaktsperre, nicht kontaktieren, keine werbung, keine kontaktaufnahme, nicht anrufen
    keine emails, abgemeldet
    ne pas contacter, ne plus contacter, ne pas appeler, desabonne, desinscrit, opposition, ne pas demarcher
    no contactar, no llamar, no molestar, baja, dado de baja, no enviar correo, no enviar email
    non contattare, nao contatar, nao contactar, niet contacteren, niet benaderen
""")
OPT_OUT_TIMES = _words("""
    unsub time, unsubscribed time, unsubscribed at, unsubscribed on, unsubscribe time, unsubscribe date
    opt out date
    opt out time, opted out at, email opt out date, unsubscribed date, date unsubscribed, optout time
""")
OPT_OUT_STATES = _words("""
    email status, email marketing status, subscription status, email subscription status, marketing status
    email marketing consent, email permission status, newsletter status, person marketing status
    email subscription
    subscriber status, unsubscribed mode, opt in status, email opt in status, mailing status
""")
MAY_CONTACT = _words("""
    ok to contact, okay to contact, may contact, may be contacted, can contact, can be contacted, contactable
    allow contact, contact allowed, darf kontaktiert werden, kontakt erlaubt, contact autorise
""")

_TABLE: tuple[FieldWords, ...] = (
    FieldWords(
        field="external_id",
        words=_words("""
            external id, external key, customer id, customer number, customer no, customer nr
            customer code, client id
            client number, client code, customer ref, customer reference, kundennummer, kunden nr
            kundennr, kunden id
            numero client, n client, code client, id client, reference client, numero de cliente, id cliente
            id de cliente, codigo cliente, codigo de cliente, contact id, contactid, person id, record id
            record id contact, contact record id, square customer id, klaviyo id, copper id
            do not modify contact
            euid, record number, id, uid, uuid, guid, system id
        """),
    ),
    FieldWords(field="key", words=("key", "customer key")),
    FieldWords(
        field="first_name",
        words=_words("""
            first name, firstname, given name, givenname, forename, christian name, fname, name first
            primary contact first name, vorname, rufname, prenom, primer nombre, nombre de pila, voornaam
            primeiro nome
            billing first name, shipping first name
        """),
    ),
    FieldWords(
        field="last_name",
        words=_words("""
            last name, lastname, surname, family name, familyname, lname, name last, primary contact last name
            nachname, familienname, zuname, nom de famille, nom famille, apellido, apellidos, primer apellido
            achternaam, cognome, sobrenome, apelido, billing last name, shipping last name
        """),
    ),
    FieldWords(
        field="name",
        words=_words("""
            full name, fullname, contact full name, display name, contact name, contactname, person name
            primary contact name, primary contact, contact person, customer full name, name, person, contact
            customer contact, vollstandiger name, ansprechpartner, ansprechperson, kontakt, kontaktperson
            nom complet, nom et prenom, nom prenom, prenom nom, prenom et nom, interlocuteur
            nombre completo, nombre y apellidos, nombre y apellido, persona de contacto, contacto
            volledige naam, contactpersoon, nome completo, naam
        """),
    ),
    # Alone it is the person's name; beside a first and last name it is something else (see customer_mapping).
    FieldWords(field="loose_name", words=("nom", "nombre", "nome")),
    # A person or a company, by what stands beside it (see customer_mapping).
    FieldWords(
        field="party",
        words=_words("""
            customer name, customer, client name, client, lead name, buyer, buyer name
            kundenname, kunde, nom du client, nom client, nombre del cliente, nombre cliente, cliente
            klant, klantnaam
        """),
    ),
    FieldWords(
        field="company",
        many=True,
        words=_words("""
            company, company name, companyname, organization, organization name, organizationname
            account name
            associated company, primary associated company, associated company primary, company account
            current company, business name, business, employer, firm, firm name
            customer company, contact company, account, accounts, company organization, parent customer
            institution
            default address company, billing company, shipping company, related company
            firma, firmenname, unternehmen, unternehmensname, betrieb
            societe, entreprise, nom de l entreprise, nom entreprise, nom de la societe, nom societe
            raison sociale
            organisme, empresa, nombre de la empresa, nombre empresa, compania, razon social, organizacion
            sociedad
            bedrijf, bedrijfsnaam, azienda, ragione sociale, nome da empresa, societa
        """),
    ),
    FieldWords(
        field="email",
        many=True,
        words=_words("""
            email, email address, email addresses, emailaddress, emails, email value, primary email
            primary email address, main email, contact email, customer email, person email, work email
            work email address, business email, business email address, office email, email work
            email address work
            company email, user email, billing email, default email, mail, mail address, contact mail
            personal email, private email, home email, email home, email personal, secondary email
            alternate email, alternative email, additional email, other email, email other
            email adresse, emailadresse, emailadressen, email geschaftlich, email privat, mailadresse
            courriel, adresse email, adresse mail, adresse electronique, adresse de messagerie
            adresse courriel
            courrier electronique, correo, correo electronico, direccion de correo
            direccion de correo electronico
            direccion email, email de contacto, endereco de email, indirizzo email
        """),
    ),
    FieldWords(
        field="phone",
        many=True,
        words=_words("""
            phone, phone number, phonenumber, telephone, telephone number, phone value, tel, phone no
            phone numbers
            phones, primary phone, primary phone number, main phone, contact phone, contact number
            contact phone number
            customer phone, person phone, work phone, work phone number, business phone, office phone
            direct phone
            direct line, direct dial, direct number, phone work, phone business, phone office, phone direct
            phone number work, company phone
            mobile, mobile phone, mobile number, mobile phone number, mobilephone, cell, cell phone, cellphone
            cell number, cell phone number, phone mobile, phone cell, phone number mobile, whatsapp
            whatsapp number
            whatsapp phone number, sms, sms number
            home phone, home phone number, phone home, phone number home, private phone
            other phone, phone other, alternate phone, alternative phone, secondary phone, additional phone
            default address phone, billing phone, shipping phone, company main phone, ddinumber, work, home
            telefon, telefonnummer, telefon nr, rufnummer, telefon geschaftlich, telefon dienstlich
            telefon privat
            handy, handynummer, mobil, mobiltelefon, mobilnummer, mobilfunk, festnetz
            numero de telephone, numero telephone, telephone fixe, telephone portable, telephone mobile
            portable
            numero de portable, tel portable, telefono, numero de telefono, telefono fijo, telefono movil
            movil
            celular, telefono celular, telefono de contacto, telefoon, telefoonnummer, mobiel, telefone
            telemovel, cellulare
        """),
    ),
    FieldWords(
        field="country",
        many=True,
        words=_words("""
            country, country region, country code, country name, country iso, country territory
            mailing country
            business country, business country region, address country, address country region
            work country, primary address country
            address mail country, mailing address country, contact country, company country
            office country, pocountry
            postal country, billing country, billing address country, billing country code
            default address country
            default address country code, shipping country, shipping address country, shipping country code
            home country, home country region, other country, other country region, other address country
            ip country, cc, land, staat, pays, pays region, pais, pais region, paese, nazione
        """),
    ),
    FieldWords(
        field="subdivision",
        many=True,
        words=_words("""
            subdivision, state, state province, state region, province, province state, region, mailing state
            mailing state province, business state, address region, address state, primary address state
            billing state
            billing state province, billing region, default address province
            default address province code, home state
            shipping state, bundesland, kanton, departement, provincia, comunidad autonoma, provincie
        """),
    ),
    FieldWords(
        field="role",
        words=_words("""
            role, contact role, buying role, role in purchase, job title, jobtitle, title, position
            job position
            organization title, job, job role, funktion, rolle, position im unternehmen, berufsbezeichnung
            stellung
            fonction, poste, intitule du poste, cargo, puesto, rol, functie
        """),
    ),
    FieldWords(
        field="channel",
        words=_words("""
            channel, preferred channel, preferred contact method, preferred method of contact
            preferred contact channel
            contact preference, contact method, best way to contact, bevorzugter kanal, kanal, kontaktweg
            canal, canal prefere, canal preferido, moyen de contact prefere
        """),
    ),
    FieldWords(field="playbook", words=("playbook", "follow up plan", "followup playbook")),
    FieldWords(
        field="product",
        words=_words("""
            product, product name, product title, products, item, item name, product purchased
            purchased product
            product sold, model, produkt, produktname, artikel, produit, nom du produit, article, producto
            nombre del producto, articulo, prodotto, produto
        """),
    ),
    FieldWords(
        field="goal",
        words=_words("""
            goal, customer goal, objective, desired outcome, success criteria, purchase goal, ziel, kundenziel
            kaufgrund, objectif, objetivo
        """),
    ),
    FieldWords(
        field="signed",
        words=_words("""
            signed, signed on, signed date, date signed, signature date, signing date, date of signature
            sale date
            sales date, date of sale, sold on, sold date, date sold, sale, sale on, contract signed
            contract signed on
            contract date, contract start, contract start date, contract signature date, purchase date
            date of purchase, purchased on, purchased, bought on, order date, date of order, won date
            won on, won time
            closed won date, deal won date, deal won time, subscription date, subscription start
            subscription start date, subscribed on, customer since, client since, became a customer date
            become a customer date
            verkaufsdatum, verkauft am, kaufdatum, gekauft am, vertragsdatum, vertragsabschluss
            vertragsbeginn
            abschlussdatum, unterzeichnet am, unterschrift am, auftragsdatum, bestelldatum, kunde seit
            date de vente, vendu le, date d achat, achete le, date de signature, signe le, date du contrat
            date de commande, client depuis, date de souscription
            fecha de venta, vendido el, fecha de compra, comprado el, fecha de firma, firmado el
            fecha del contrato
            fecha de contrato, fecha de pedido, cliente desde, fecha de suscripcion
        """),
    ),
    FieldWords(
        field="live",
        words=_words("""
            live, live on, live date, go live, go live date, golive, golive date, went live, went live on
            start of use
            use starts, in use since, delivery date, delivered on, date of delivery, delivered, handover
            handover date, hand over date, handed over on, installation date, installed on, keys handed over
            first day of use, produktivstart, produktiv seit, inbetriebnahme, lieferdatum, geliefert am
            ubergabe, ubergabe am, ubergabedatum, date de livraison, livre le, mise en service
            date de mise en service
            fecha de entrega, entregado el, puesta en marcha, fecha de puesta en marcha, inicio de uso
        """),
    ),
    FieldWords(
        field="renewal",
        words=_words("""
            renewal, renewal date, renewal on, renews on, renews, next renewal, next renewal date
            contract end
            contract end date, contract ends, subscription end, subscription end date, end of term, term end
            verlangerung, verlangerungsdatum, vertragsende, renouvellement, date de renouvellement
            fin de contrat
            renovacion, fecha de renovacion, fin de contrato
        """),
    ),
    FieldWords(field="finish", words=_words("finish, finish date, finished on, work delivered, work finished")),
    FieldWords(field="event", words=_words("event, event date, event start, event starts, event begins")),
    FieldWords(field="event_end", words=_words("event end, event ends, event end date")),
    FieldWords(field="rebook", words=_words("rebook, rebook date, rebooking, rebooking date")),
    FieldWords(
        field="service",
        words=_words("service due, next service, service date, next service date, service on"),
    ),
    FieldWords(
        field="warranty",
        words=_words("warranty, warranty end, warranty ends, warranty until, end of warranty"),
    ),
    FieldWords(field="reorder", words=_words("reorder, reorder date, next reorder, expected reorder")),
    FieldWords(field="tax_deadline", words=_words("tax deadline, tax deadline on")),
    FieldWords(
        field="builder_warranty",
        words=_words("builder warranty, builder warranty end, builder warranty ends"),
    ),
    FieldWords(field="cycle_end", words=_words("cycle end, replacement date, lease end, lease ends, lease end date")),
    FieldWords(
        field="next_contact",
        words=_words("""
            next contact, next contact on, next contact date, next follow up, next follow up date
            next follow up on
            next followup, next followup date, follow up date, follow up on, followup date, followup on
            follow up
            followup, next call, next call date, next touch, next touchpoint, next step date
            next activity date
            next activity, contact again on, call back on, callback date
            wiedervorlage, wiedervorlage am, nachster kontakt, nachster kontakt am, nachste kontaktaufnahme
            wiedervorlagedatum, nachfassen am
            prochain contact, date de relance, relance, prochaine relance, a relancer le, prochain appel
            a recontacter le
            proximo contacto, fecha de seguimiento, proximo seguimiento, seguimiento, proxima llamada
        """),
    ),
    FieldWords(
        field="last_contact",
        words=_words("""
            last contact, last contact on, last contact date, last contacted, last contacted on
            last contacted at
            last contacted date, last contacted time, date last contacted, last interaction
            last interaction date
            last touch, last touched, last call, last call date, last spoken to, last activity date
            last activity on
            last activity time, last activity
            letzter kontakt, letzter kontakt am, zuletzt kontaktiert, letzte aktivitat
            dernier contact, date du dernier contact, derniere activite, dernier appel
            ultimo contacto, fecha de ultimo contacto, ultima actividad, ultima llamada
        """),
    ),
    FieldWords(
        field="do_not_contact",
        many=True,
        words=(*OPT_OUT_FLAGS, *OPT_OUT_TIMES, *MAY_CONTACT, *OPT_OUT_STATES),
    ),
    FieldWords(
        field="tags",
        words=_words("""
            tags, tag, labels, label, categories, group membership, groups, segments, contact tags
            person label
            schlagworte, schlagworter, kategorien, etiquettes, etiquetas, categorias, mots cles
        """),
    ),
    FieldWords(
        field="notes",
        words=_words("""
            notes, note, comments, comment, remarks, remark, memo, description, background
            notizen, notiz, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar
            remarques, remarque, commentaire, commentaires, notas, nota, comentarios, comentario
            observaciones
        """),
    ),
    FieldWords(field="usage", words=("usage", "usage level", "nutzung", "utilisation", "uso")),
    FieldWords(field="tier", words=_words("tier, customer tier, account tier, abc class, abc classification")),
    FieldWords(field="kind", words=_words("kind, customer kind, customer type, contact type, type")),
    FieldWords(field="timezone", words=_words("timezone, time zone, zeitzone, fuseau horaire, zona horaria")),
    FieldWords(field="extra", words=("extra",)),
)

FIELDS: Mapping[str, FieldWords] = MappingProxyType({entry.field: entry for entry in _TABLE})
"""Every field that a column of a customer table can fill, with the headings it is known by."""

WORDS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {word: (entry.field, rank) for entry in reversed(_TABLE) for rank, word in reversed([*enumerate(entry.words)])}
)
"""Heading -> (field, rank); a lower rank is the more telling heading of a field."""

# Headings of the other tables that can be imported; they only help to tell the delimiter of a file.
_OTHER_WORDS = frozenset(
    _words("""
        index, value, score, date, on, outcome, outcomes, kind, direction, minutes, step, occurrence
        purpose, text
        severity, category, opened on, resolved on, by, done on, told on, contact, is main, life cycle
        extensiveness
        complexity, stage, due on, opens on, closes on, status, city, street, website, url, zip
        postal code, industry
        department, created at, create date, created time, owner, contact owner, birthday, fax, salutation
        suffix
    """)
)
_PREFIXES = (
    "primary contact",
    "contact",
    "contacts",
    "person",
    "people",
    "customer",
    "client",
    "user",
    "member",
)
_BEHIND_A_PREFIX = frozenset(
    _words("""
        external_id, first_name, last_name, company, email, phone, country, subdivision, role, do_not_contact
        tags, notes, channel, timezone, next_contact, last_contact
    """)
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading means: its field, how telling it is (0 = most), and its number (`Phone 2` is 2)."""

    field: str
    rank: int
    number: int
    word: str


def plain_words(text: str) -> str:
    """Give a text as plain words: lower case, no accents, every other sign a space, `e-mail` as `email`."""
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in lower if not unicodedata.combining(c))
    bare = bare.replace("#", " number ").replace("'s ", " ").replace("’s ", " ")
    words = "".join(c if c.isalnum() else " " for c in bare).split()
    return re.sub(r"\be mail(s?)\b", r"email\1", " ".join(words))


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Give a heading as plain words: `E-Mail_Address` and `emailAddress` are both `email address`."""
    return plain_words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))


@lru_cache(maxsize=4096)
def heading(text: str) -> Heading | None:
    """Give what a heading means to a customer table, or None when it means nothing there."""
    key = header_key(text)
    words = key.split()
    number = next((int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 3), 0)
    base = " ".join(word for word in words if not (word.isascii() and word.isdigit()))
    for candidate in dict.fromkeys((key, base, plain_words(text))):
        if found := WORDS.get(candidate):
            return Heading(*found, number, candidate)
    for prefix in _PREFIXES:
        rest = base.removeprefix(f"{prefix} ")
        if rest != base and (found := WORDS.get(rest)) and found[0] in _BEHIND_A_PREFIX:
            return Heading(*found, number, rest)
    return None


def is_known_heading(text: str) -> bool:
    """True when a heading is one that tables of customers, sales, activities or readings usually have."""
    return heading(text) is not None or header_key(text) in _OTHER_WORDS
