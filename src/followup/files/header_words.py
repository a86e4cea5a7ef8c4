"""The words under which other tools export a column: one table, many languages, whole headings only.

A heading is first brought to a plain key (`header_key`): lower case, no accents, camelCase and punctuation as spaces,
numbers set aside; one whose words are run together is known by its letters. It means something when all of it is known:
as a heading of the table, behind a word for the person it belongs to (`Customer e-mail`), or as words that can only be
an address, a phone or an opt-out (`Work e-mail address`). Nothing is found by a part of a heading, so `Contact owner`,
`Assistant's Phone`, `Email Domain` or `Primary Associated Company ID` are nobody's name, phone, address or company.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

CUSTOMERS, SALES = "customers", "sales"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """One field: its headings, the most telling first. `many`: further columns are kept as second, third choice."""

    field: str
    words: tuple[str, ...]
    many: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for line in text.strip().splitlines() for part in line.split(",") if (word := part.strip()))


def word_set(text: str) -> frozenset[str]:
    """The single words of a text."""
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """The phrases of a text, parted by commas and line ends."""
    return frozenset(_words(text))


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
    keine emails, abgemeldet, email abmeldung, deaktivierung der email option
    desinscription des emails, desinscription email, desinscription
    ne pas contacter, ne plus contacter, ne pas appeler, desabonne, desinscrit, opposition, ne pas demarcher
    cancelo suscripcion de todos los correos electronicos, darse de baja
    no contactar, no llamar, no molestar, baja, dado de baja, no enviar correo, no enviar email
    non contattare, nao contatar, nao contactar, niet contacteren, niet benaderen
    werbung gesperrt, kontakt gesperrt, widerspruch werbung, werbewiderspruch, widerspruch gegen werbung, werbeverbot
    nicht mehr kontaktieren, kontaktverbot, anrufsperre, mailsperre, nicht storen, kein kontakt, keine anrufe
    newsletter abgemeldet, widerspruch direktwerbung
    non chiamare, non disturbare, disiscritto, disiscritta, cancellato dalla mailing list
    nao perturbe, nao ligar, nao enviar email, descadastrado, nao incomodar, cancelou inscricao
    niet bellen, niet mailen, uitgeschreven, afgemeld, niet storen, geen contact, geen contact opnemen, bel me niet
    nie kontaktowac, nie kontaktowac sie, nie dzwonic, wypisany, zrezygnowal, rezygnacja z kontaktu, zakaz kontaktu
    не беспокоить, не звонить, не контактировать, не писать, отписан, отписался, отписка, отказ от рассылки
    запрет контакта, отказ от контакта
    kontakta inte, kontakta ej, kontakt ikke, ma ikke kontaktes, ala ota yhteytta, nekontaktovat
    refus de prospection, refus prospection, refus de demarchage, refus demarchage, opposition au demarchage
    opposition prospection, bloctel, lista robinson, robinsonliste, lista negra, liste noire, sperrliste
    email denylist, denylist, denylisted, do not market, do not solicit
    afgemeld voor alle email, afgemeld voor alle emails, iscrizione annullata da tutte le email
    assinatura cancelada em todos os emails, inscricao cancelada em todos os emails, refus d email, refus email
    no participar en correo electronico, no participar en email
""")
OPT_OUT_TIMES = _words("""
    unsub time, unsubscribed time, unsubscribed at, unsubscribed on, unsubscribe time, unsubscribe date
    opt out date
    opt out time, opted out at, email opt out date, unsubscribed date, date unsubscribed, optout time
""")
OPT_OUT_STATES = _words("""
    status, email status, email marketing status, subscription status, email subscription status, marketing status
    email marketing consent, email permission status, newsletter status, person marketing status
    email subscription
    subscriber status, unsubscribed mode, opt in status, email opt in status, mailing status
    marketingstatus, person marketingstatus, estado de marketing, persona estado de marketing, statut marketing
    personne statut marketing, persoon marketingstatus, pessoa status de marketing
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
            kundennr debitor, debitornummer, debitoren nr, contact record number, lead id, leadid, person uuid
            copper person id, capsule id, nimble id, ext id, reference id, customer record id
            kontakt id, id contact, id de contact, id contacto, id do cliente, codice cliente, klantnummer
            do not modify account, do not modify lead
            personne id, persona id, pessoa id, id de registro, datensatz id, id de fiche d informations
            identifiant client, nicht andern kontakt
            ne pas modifier contact, no modificar contacto
            id externo, id externe, externe id, identifiant externe, внешнии id, id klienta, id klanta, numer klienta
            id record, id do registro, id du contact, id de contacto, persoon id
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
            first, invitee first name, attendee first name, contact given name, vorname kontakt
            vorname ansprechpartner
            prenom du contact, prenom contact, nome proprio, primo nome
            nome di battesimo, имя, imie, imie kontaktu, fornamn, fornavn, etunimi, jmeno, krestni jmeno
            prenom du contact principal, vorname adressattyp naturl person, voornaam contactpersoon
        """),
    ),
    FieldWords(
        field="last_name",
        words=_words("""
            last name, lastname, surname, family name, familyname, lname, name last, primary contact last name
            nachname, familienname, zuname, nom de famille, nom famille, apellido, apellidos, primer apellido
            achternaam, cognome, sobrenome, apelido, billing last name, shipping last name
            last, invitee last name, attendee last name, nachname kontakt, nachname ansprechpartner
            apellido del contacto, apellidos del contacto
            фамилия, фамилия контакта, nazwisko, nazwisko kontaktu, cognome contatto, efternamn, efternavn
            etternavn, sukunimi
            prijmeni
            nom du contact principal, name adressattyp naturl person, achternaam contactpersoon
        """),
    ),
    FieldWords(
        field="name",
        words=_words("""
            full name, fullname, contact full name, display name, contact name, contactname, person name
            primary contact name, primary contact, contact person, name, person, contact
            customer contact, vollstandiger name, ansprechpartner, ansprechperson, kontakt, kontaktperson
            nom complet, nom et prenom, nom prenom, prenom nom, prenom et nom, interlocuteur
            nombre completo, nombre y apellidos, nombre y apellido, persona de contacto, contacto
            volledige naam, contactpersoon, nome completo, naam
            invitee name, attendee name, recipient name, subscriber name, participant name
            guest name, primary contact full name, contact person name, billing name
            name of contact, vor und nachname, vorname nachname, vorname und nachname, name vorname
            vollstandiger name des kontakts, kontaktname, name des kontakts, name des ansprechpartners
            contact principal, personne de contact, personne a contacter, contact associe
            zugehoriger kontakt, zugeordneter kontakt, contacto asociado
            nombres y apellidos, contacto principal
            nome contatto, nome do contato, contatto, complete name
            referente, nome referente, persona di riferimento, persona di contatto, nome e cognome, cognome e nome
            nome del contatto, contatto principale, nome completo do contato, pessoa de contato, pessoa de contacto
            contato, contato principal, nome do contacto, nome do contato principal
            voor en achternaam, naam contactpersoon, contactpersoon naam, naam van contactpersoon
            фио, ф и о, полное имя, имя и фамилия, фамилия и имя, фамилия имя, имя фамилия, фамилия имя отчество
            контактное лицо, контакт, фио контакта
            imie i nazwisko, nazwisko i imie, osoba kontaktowa, osoba do kontaktu, kontakt imie i nazwisko
            kontaktperson namn, kontaktperson navn, hela namnet, fulde navn, fullt navn, yhteyshenkilo
            kontaktni osoba
            cele jmeno
            your name, your full name, anzeigename, nombre mostrado, nom d affichage, имя контакта
            nome visualizzato, weergavenaam
            what is your name, what your name, what is your full name, what your full name, persoon naam, patient name
            tenant name, student name, donor name, member name
        """),
    ),
    # Alone it is the person's name; beside a first and last name it is something else (see customer_mapping).
    FieldWords(
        field="loose_name",
        words=_words("nom, nombre, nome, nom du contact, nom contact, nombre del contacto, nombre de contacto"),
    ),
    # A person or a company, by what stands beside it (see customer_mapping).
    FieldWords(
        field="party",
        words=_words("""
            customer name, customer, client name, client, lead name, buyer, buyer name
            kundenname, kunde, nom du client, nom client, nombre del cliente, nombre cliente, cliente
            klant, klantnaam
            customer full name, customer display name, payer, payer name, purchaser, purchaser name, name of customer
            nombre de cliente, nombre del comprador, comprador, acheteur, kaufer, besteller, nome do cliente
            nome cliente, nome del cliente, klient
            клиент, покупатель, заказчик, имя клиента, nazwa klienta, imie klienta, nabywca, naam klant
            nome do comprador
            acquirente, compratore, kunde navn, kundnamn, asiakas
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
            default address company, billing company, shipping company, related company
            firma, firmenname, unternehmen, unternehmensname, betrieb
            societe, entreprise, nom de l entreprise, nom entreprise, nom de la societe, nom societe
            raison sociale
            organisme, empresa, empresas, nombre de la empresa, nombre empresa, compania, razon social, organizacion
            sociedad
            bedrijf, bedrijfsnaam, azienda, ragione sociale, nome da empresa, societa
            name of company, name of organization, primary company, primary organization, account company name
            associated account, default company, ship to company, bill to company, company account name
            company legal name, legal name, trading name, registered name, customer organization
            potential customer, organization nom, organizacion nombre, organizacao nome, organizzazione nome
            zugehoriges unternehmen, zugeordnetes unternehmen, entreprise associee, empresa asociada
            firma organization, name der firma, unternehmen name, organizationsname, arbeitgeber, kundenfirma
            nom organization, nom de l organization, organisme nom, etablissement, compagnie
            institution
            nombre de la organizacion, nombre de la compania
            organizatie, organisatie, bedrijf naam, organizzazione, azienda nome, nome azienda, organizacao, companhia
            accountname, kontoname, nom du compte, nombre de la cuenta, nombre de cuenta
            компания, название компании, наименование компании, организация, название организации, фирма
            название фирмы
            наименование организации, предприятие, юридическое лицо, компания клиента
            nazwa firmy, nazwa przedsiebiorstwa, przedsiebiorstwo, firma klienta, kontrahent
            naam bedrijf, naam organisatie, onderneming, denominazione, denominazione sociale, ditta, nome ditta
            nome societa
            nome fantasia, razao social, sociedade, nome empresa
            foretag, foretagsnamn, virksomhed, virksomhedsnavn, bedrift, bedriftsnavn, yritys, yrityksen nimi
            spolecnost
            nazev firmy, nazev spolecnosti
            companies, firma name, verbundenes unternehmen, societe liee, empresa relacionada
            name adressattyp unternehmen
            компания контакта, bedrijven, entreprises
            gekoppeld bedrijf, azienda associata, empresa associada, persoon organisatie, pessoa organizacao
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
            email id, emailid, invitee email, attendee email, participant email, guest email, payer email, buyer email
            recipient email, registrant email, subscriber email, lead email, emailadres, emailadress
            posta elettronica
            indirizzo di posta elettronica, courriels, correos electronicos, correos, mailadressen
            subscriber, from email address, purchase email, non primary emails
            почта, эл почта, электронная почта, адрес электроннои почты, электронныи адрес, имеил, емеил
            рабочая почта, эл адрес
            adres email, adres mailowy, email firmowy, poczta elektroniczna
            email contatto, email aziendale, email do contato, email comercial, email corporativo, email zakelijk
            email contactpersoon
            e post, e postadress, e postadresse, epost, epostadress, epostadresse, sahkoposti
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
            primary contact number, primary number, whatsapp phone, main number, telephone no
            telefonnr, tel nr, mobile no, mobile tel, handy nr, mobilfunknummer, mobilnr, haupttelefon
            telefonnummern, telefonzentrale, zentrale, durchwahl, numero de tel, tel mobile, tel fixe
            gsm, numero de celular, numero de movil, numero movil, telefonos, mobielnummer, mobiele telefoon
            telefone celular, numero di telefono, text reminder number
            mob, mob no, mob nr
            телефон, номер телефона, мобильныи телефон, мобильныи, рабочии телефон, домашнии телефон, телефон рабочии
            телефон мобильныи, сотовыи, сотовыи телефон, контактныи телефон, тел, моб тел, моб телефон
            telefon komorkowy, komorka, numer telefonu, nr telefonu, telefon sluzbowy, telefon stacjonarny
            tel komorkowy
            telefon kontaktowy, nr tel, numer komorkowy
            mobiele nummer, mobiel nummer, telefoon zakelijk, telefoon werk, vaste telefoon, tel nummer, telnr
            numero di cellulare, numero cellulare, recapito telefonico, telefono cellulare, telefono fisso
            telefono ufficio
            telefone comercial, telefone residencial, telefone fixo, telefone do contato, numero de telefone
            telefonnummer mobil, puhelin, puhelinnumero, matkapuhelin, mobiltelefon nummer, mobiltelefonnr
            landline, landline number, landline phone, home number, work number, office number, business number
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
            страна, kraj, land region geschaftlich, land region privat
            ship country, ship to country, pays de facturation, pays de livraison, rechnungsland, lieferland
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
            bundesland kanton, region geschaftlich, region privat, bundesland kanton privat
            bundesland kanton geschaftlich
            bundesland geschaftlich, bundesland privat, weitere region, wojewodztwo, estado provincia
            region provincia
            state province region
        """),
    ),
    FieldWords(
        field="role",
        words=_words("""
            role, contact role, buying role, role in purchase, job title, jobtitle, position
            job position
            organization title, job, job role, funktion, rolle, position im unternehmen, berufsbezeichnung
            stellung
            fonction, poste, intitule du poste, cargo, puesto, rol, functie, job position title, title
            должность, stanowisko, ruolo, qualifica, funcao
            puesto de trabajo, poste occupe, stellenbezeichnung
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
            продукт, товар, produkt usluga, usluga, nome do produto, nome prodotto, productnaam
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
            verkoopdatum, datum verkoop, aankoopdatum, datum aankoop, besteldatum, datum bestelling, orderdatum
            contractdatum
            datum contract, verkocht op, getekend op, datum ondertekening, klant sinds
            data vendita, data di vendita, data della vendita, data contratto, data del contratto, data firma
            data di firma
            data acquisto, data di acquisto, data dell acquisto, data ordine, data dell ordine, data firma contratto
            data stipula, venduto il, firmato il, cliente dal, data inizio contratto
            data da venda, data de venda, data venda, data da compra, data de compra, data do pedido, data do contrato
            data de contrato, data de assinatura, data da assinatura, assinado em, vendido em, comprado em
            data fechamento contrato
            дата продажи, дата покупки, дата договора, дата заказа, дата контракта, дата подписания
            дата подписания договора
            клиент с
            data sprzedazy, data zakupu, data umowy, data podpisania umowy, data podpisania, data zamowienia
            klient od
            data zawarcia umowy
            forsaljningsdatum, salgsdato, kjopsdato, kobsdato, avtalsdatum, kontraktsdato, datum prodeje, datum nakupu
            inkopsdatum, myyntipaiva, ostopaiva
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
            leverdatum, opleverdatum, datum oplevering, geleverd op, ingebruikname, data consegna, data di consegna
            consegnato il, data da entrega, data de entrega, entregue em, дата поставки, дата доставки, data dostawy
            leveransdatum, leveringsdato, datum levering
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
            verlengingsdatum, verlengdatum, einddatum contract, einde contract, data rinnovo, data di rinnovo, rinnovo
            scadenza contratto, data scadenza contratto, fine contratto, data de renovacao, renovacao, fim do contrato
            fim de contrato, data fim do contrato, дата продления, окончание договора, дата окончания договора
            data odnowienia, koniec umowy, data zakonczenia umowy
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
            prochaine activite, prochaine activite le, proxima actividad, nachste aktivitat, nachste aktivitat am
            datum der nachsten aktivitat, date de la prochaine activite, fecha de la proxima actividad
            date of next activity, next activity deadline, next activity due date, next activity due
            date of next contact
            next contacted, next call on, next meeting date, next action date, next task date, next task due date
            date of next follow up
            volgende contact, volgend contact, volgende contactdatum, datum volgend contact, datum volgende contact
            volgende activiteit, datum volgende activiteit, volgende opvolging, opvolgdatum, opvolgen op
            terugbellen op
            volgend contactmoment, volgende afspraak
            prossimo contatto, data prossimo contatto, prossima attivita, data prossima attivita, prossima chiamata
            richiamare il, ricontattare il, prossimo follow up, data di follow up
            proximo contato, data do proximo contato, data proximo contato, proxima atividade
            data da proxima atividade
            proxima ligacao, retornar em, data de retorno, proximo retorno, data do proximo contacto
            следующии контакт, дата следующего контакта, следующии звонок, дата следующего звонка
            следующая активность
            перезвонить, связаться
            nastepny kontakt, data nastepnego kontaktu, kolejny kontakt, data kolejnego kontaktu, nastepny telefon
            nastepna aktywnosc, data nastepnej aktywnosci
            nasta kontakt, naeste kontakt, neste kontakt, seuraava yhteydenotto, pristi kontakt, dalsi kontakt
            fecha de proximo contacto, fecha proximo contacto, fecha del proximo contacto, proxima fecha de contacto
            date du prochain contact, date prochain contact, prochaine action le, datum nachster kontakt
            nachster termin
            nachstes follow up, nachster anruf, nachste aktion am
            fecha limite de la siguiente actividad, fecha limite de la proxima actividad
            date limite de la prochaine activite
            frist der nachsten aktivitat, nachste aktivitatsfrist, deadline volgende activiteit, next interaction
            next interaction date, next task, ближаишая задача, scadenza prossima attivita, prazo da proxima atividade
            datum van volgende activiteit, data della prossima attivita
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
            letztes aktivitatsdatum, letzte aktivitat um, letzte aktivitat am, letzte interaktion
            datum der letzten aktivitat, datum des letzten kontakts
            date de la derniere activite, derniere interaction
            ultima interaccion, ultima fecha de actividad, fecha de la ultima actividad
            dernier contact, date du dernier contact, derniere activite, dernier appel
            ultimo contacto, fecha de ultimo contacto, ultima actividad, ultima llamada
            date of last activity, date of last contact, last activity at, last contact time, last contact made
            last meeting date, last communication, last communication date, last spoke
            laatste contact, laatste contactdatum, datum laatste contact, laatste activiteit, datum laatste activiteit
            laatste contactmoment, laatst gecontacteerd, laatst gesproken, laatste gesprek
            ultimo contatto, data ultimo contatto, data dell ultimo contatto, ultima attivita, data ultima attivita
            ultima chiamata, ultima interazione, contattato il
            ultimo contato, data do ultimo contato, data ultimo contato, ultima atividade, data da ultima atividade
            ultima interacao, ultima ligacao, data do ultimo contacto
            последнии контакт, дата последнего контакта, последняя активность, последнии звонок
            дата последнего звонка
            ostatni kontakt, data ostatniego kontaktu, ostatnia aktywnosc, data ostatniej aktywnosci, ostatni telefon
            senaste kontakt, senaste aktivitet, seneste kontakt, sidste kontakt, siste kontakt, viimeisin yhteydenotto
            posledni kontakt
            fecha ultimo contacto, fecha del ultimo contacto, date dernier contact, datum letzter kontakt
            last reach, last contact made on
            datum van laatste activiteit, letzte aktivitatszeit, heure de la derniere activite
            data dell ultima attivita
            hora de la ultima actividad
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
            теги, метки, etykiety, tagi, etichette, trefwoorden, stichworter, stichworte, marcadores
        """),
    ),
    FieldWords(
        field="notes",
        words=_words("""
            notes, note, comments, comment, remarks, remark, memo, description, background
            notizen, notiz, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar
            remarques, remarque, commentaire, commentaires, notas, nota, comentarios, comentario
            observaciones
            opmerkingen, opmerking, notities, notitie, toelichting, annotazioni, annotazione, osservazioni, commenti
            commento, note interne
            observacoes, observacao, anotacoes, comentarios internos, примечание, примечания, комментарии, заметки
            заметка
            описание, uwagi, uwaga, notatki, notatka, komentarz, komentarze, anteckningar, anteckning, noter, notat
            notater
            poznamky, poznamka, muistiinpanot, huomautukset, description interne, interne notiz, interne notizen
            hintergrund, background info
        """),
    ),
    FieldWords(
        field="value",
        words=_words("""
            deal value, deal amount, contract value, total contract value, sale value, sales value, sale amount
            sale price, deal size, opportunity amount, opportunity value, order value, order total, order amount
            order total amount
            purchase amount, purchase price, total price, amount, value, total
            auftragswert, vertragswert, verkaufswert, verkaufspreis, kaufpreis, auftragssumme, bestellwert, betrag
            gesamtbetrag, wert
            montant, montant du contrat, montant de la vente, montant total, valeur, prix de vente
            importe, importe total, importe del contrato, valor, valor del contrato, monto, precio de venta
            importo, valore
            valore contratto, valore del contratto, importo contratto, valor do contrato, valor da venda, valor total
            contractwaarde, verkoopwaarde, сумма сделки, сумма договора, wartosc umowy, wartosc sprzedazy
            wartosc zamowienia
        """),
    ),
    FieldWords(field="sale_id", words=("sale id",)),
    FieldWords(field="deal_stage", many=True, words=("deal stage",)),
    FieldWords(field="life_cycle", words=("life cycle",)),
    FieldWords(field="extensiveness", words=("extensiveness",)),
    FieldWords(field="complexity", words=("complexity",)),
    FieldWords(field="added_on", words=("added on",)),
    FieldWords(field="anchors", words=("anchors",)),
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

# What a table of sales means by a heading, where it is not what a table of customers means by it.
_SALES_TABLE: tuple[FieldWords, ...] = (
    FieldWords(
        field="sale_id",
        words=_words("""
            sale id, deal id, dealid, opportunity id, opportunityid, potential id, record id deal, deal record id
            record id, order id, order number, order no, do not modify opportunity, external id, id, uuid
            transaction id, sales order number, bestellnummer, auftragsnummer, auftragsnr, numero de commande
            numero de pedido, id de la transaction, id del negocio, deal uuid
        """),
    ),
    FieldWords(
        field="deal_name",
        words=_words("""
            deal name, deal title, opportunity name, opportunity title, potential name, deal, opportunity
            name of deal
            topic, title, titre, titel, titulo, verkaufschance, name der verkaufschance, deal bezeichnung, geschaft
            transaction name
            nom de la transaction, nom de l opportunite, nom de l affaire, opportunite, affaire
            nombre del negocio, nombre de la oportunidad, nombre del trato, oportunidad, negocio, trato
            opportunity subject, offer name, project name
        """),
    ),
    FieldWords(field="deal_or_name", words=("name",)),
    FieldWords(
        field="signed",
        words=_words("""
            won time, deal won time, won date, deal won date, won on, won at, date won, closed won date
            actual close date, signed, signed on
            signed date, contract signed, contract date, close date, closed date, closing date, closedate, date closed
            closed on, closed at, closed time, deal closed on, order date, paid at, date paid, paid on, purchase date
            gewonnen am, abschlussdatum, schlussdatum, geschlossen am, auftragsdatum, bestelldatum
            date de cloture, date de fermeture, gagne le, date de gain, date de signature, date de commande
            fecha de cierre, fecha de ganado, ganado el, fecha de pedido, fecha de firma
        """),
    ),
    FieldWords(
        field="value",
        words=_words("""
            amount, deal amount, deal value, opportunity amount, value, order total, order value, total, total amount
            total price, actual revenue, contract value, amount in company currency, sale amount
            betrag, wert, auftragswert, deal wert, summe, montant, valeur, montant de la transaction, montant total
            importe, valor, monto, importe total, valor del negocio
        """),
    ),
    FieldWords(
        field="deal_stage",
        many=True,
        words=_words("""
            is won, iswon, won, is closed won, closed won, won lost, deal status, opportunity status, status
            deal stage, opportunity stage, stage, stagename, stage name, sales stage, deal stage name, pipeline stage
            order status, payment status, financial status, phase, verkaufsphase, deal phase, geschaftsphase
            statut, etape, etape de la transaction, phase de vente, phase de la transaction
            estado, etapa, etapa del negocio, fase, fase de venta, etapa de venta
        """),
    ),
    FieldWords(
        field="name",
        words=_words("""
            associated contact, associated contacts, associated contact name, contact name, contact person, contact
            primary contact, contact full name, person, person name, contact associe, contacto asociado
            zugehoriger kontakt
            zugeordneter kontakt, billing name
        """),
    ),
    FieldWords(
        field="company",
        many=True,
        words=_words("""
            associated company, associated companies, associated company name, primary associated company
            associated company primary, account name, account, organization, organization name, company, company name
        """),
    ),
    FieldWords(
        field="external_id",
        words=_words("""
            customer id, customer number, associated company ids, associated company id, primary associated company id
            associated company ids primary, account id, accountid, company id, organization id, org id
            associated contact ids, associated contact id, contact id, contactid, person id, client id
            kundennummer, kunden nr, numero client, id cliente, id de cliente
        """),
    ),
    FieldWords(
        field="product",
        words=_words("lineitem name, line item name, line items, product name, product, products, item name"),
    ),
)
SALES_WORDS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        word: (entry.field, rank)
        for entry in reversed(_SALES_TABLE)
        for rank, word in reversed([*enumerate(entry.words)])
    }
)
"""Heading -> (field, rank) where a table of sales has a meaning of its own for it."""

_LETTERS = 8  # what is shorter may be another word by chance


def _run_together(words: Mapping[str, tuple[str, int]]) -> Mapping[str, str]:
    """Known headings by their letters alone; those whose letters are another heading's as well are left out."""
    found: dict[str, str] = {}
    for word in words:
        if " " in word and len(letters := word.replace(" ", "")) >= _LETTERS:
            other = found.setdefault(letters, word)
            found[letters] = other if other and words[other][0] == words[word][0] else ""
    return MappingProxyType({letters: word for letters, word in found.items() if word and letters not in words})


_JOINED = _run_together(WORDS)
_SALES_JOINED = _run_together({**WORDS, **SALES_WORDS})

_DEAL_NAMES = frozenset(
    _words("""
        deal name, deal title, opportunity name, opportunity title, potential name, deal id, opportunity id
        record id deal, nom de la transaction, nom de l opportunite, nombre del negocio
        nombre de la oportunidad, name der verkaufschance, do not modify opportunity, topic, titre de l affaire
    """)
)
_DEAL_FACTS = frozenset(
    _words("""
        deal stage, opportunity stage, stage, stage name, sales stage, deal status, close date, closedate, closing date
        closed date, won time, deal won time, deal closed on, actual close date, won date, etape de la transaction
        phase de la transaction, date de fermeture, etapa del negocio, fecha de cierre, phase, verkaufsphase, etapa
        date de cloture, schlussdatum, abschlussdatum, est close date, expected close date, won
    """)
)


_OF_DEALS = phrase_set(
    "deal stage, deal value, deal amount, deal status, opportunity stage, close date, closed date, expected close date"
)
_OF_PEOPLE = phrase_set("first name, last name, email, email address, emails, phone, phone number, vorname, prenom")


def looks_like_sales(headers: Sequence[str]) -> bool:
    """True where the headings are plainly those of a table of deals, or of followup's own table of sales.

    Such a table names the deal and says how far it has come or when it was closed.
    """
    if {"customer_key", "anchors"} <= set(headers):
        return True
    keys = {header_key(header) for header in headers}
    if (keys & _DEAL_NAMES and keys & _DEAL_FACTS) or {"stage name", "close date"} <= keys:
        return True
    return len(keys & _OF_DEALS) > 1 and not keys & _OF_PEOPLE


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
    *("primary contact", "contact", "contacts", "person", "people", "customer", "client", "user", "member", "attendee"),
    *("personne", "persona", "pessoa", "persoon", "kunden"),
    # Forms ask for it: `What's your e-mail?`
    *("your", "what your", "what is your", "what s your", "please enter your", "enter your", "please provide your"),
    *("ihr", "ihre", "wie lautet ihre", "wie lautet ihr", "votre", "quel est votre", "quelle est votre"),
    *("su", "tu", "cual es su", "cual es tu"),
    *("guest", "patient", "tenant", "student", "donor", "full name"),
    *("invitee", "participant", "buyer", "lead", "subscriber", "recipient", "kunde", "kontakt", "ansprechpartner"),
)
_SALES_PREFIXES = ("deal", "opportunity", "order", "potential", "sale", "affaire", "trato", "negocio", "geschaft")
_ORGANIZATION = ("organization", "organizacion", "organizacao", "organisatie")
_BEHIND_ORGANIZATION = word_set("country subdivision next_contact last_contact phone email")
_BEHIND_A_PREFIX = frozenset(
    _words("""
        external_id, first_name, last_name, company, email, phone, country, subdivision, role, do_not_contact
        tags, notes, channel, timezone, next_contact, last_contact, loose_name
    """)
)
_ALONE = ("status", "id", "uid", "uuid", "guid", "system id")  # behind a prefix they are of somebody else
_LATER = 100  # what is found by its parts comes after what stands in the table

# Words that make an address or a phone, and words that may stand beside them. Any other word makes it something else.
_EMAIL = word_set(
    """
    почта email emails emailaddress emailadresse emailadressen mailadresse courriel courriels correo correos messagerie
    emailadres
    """
)
_PHONE = word_set(
    """
    telefone telefones telemovel cellulare mobiel телефон
    phone phones telephone telephones tel mobile mobilephone cellphone whatsapp telefon telefonnummer telefonnummern
    rufnummer handy handynummer mobil mobiltelefon mobilnummer mobiltelefonnummer mobilfunknummer haupttelefon
    haupttelefonnummer firmentelefon festnetz festnetznummer telefono telefonos movil celular portable telefoon
    telefoonnummer
    """
)
_COUNTRY = word_set("country countries land pays pais paese")
_OF_A_COUNTRY = word_set("region regiao territory code name iso mailing postal location residence o or address of")
# Where an address or phone stands among several: the plain one, at work, on the way, at home, the company's, others.
_SIDE: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(
            word_set(
                """
                number numbers no nr num numero nummer nummern address addresses adresse direccion electronico
                electronica electronique primary main default principal principale value wert valeur valor contact
                kontakt contacto customer kunde kunden client cliente person persona personne persoon pessoa lead first
                de del du la le les l d der des die das el of and und et y the a
                """
            ),
            0,
        ),
        **dict.fromkeys(
            word_set(
                """
                work works business office geschaftlich geschaftliche dienstlich dienstliche berufliche lavoro
                ufficio aziendale werk zakelijk
                trabalho рабочии bureau professionnel professionnelle pro travail
                trabajo oficina profesional direct direkt buro arbeit beruflich
                """
            ),
            1,
        ),
        **dict.fromkeys(
            word_set(
                """
                мобильныи mobile mobil mobiltelefon mobilnummer mobilephone mobiltelefonnummer mobilfunknummer movil
                celular
                portable cell cellphone handy handynummer whatsapp
                """
            ),
            2,
        ),
        **dict.fromkeys(
            word_set(
                """
                личныи домашнии private privat privee prive personal personnel personnelle home domicile domicilio
                particular casa
                fixe fijo fisso fixo residencial thuis privato
                """
            ),
            3,
        ),
        **dict.fromkeys(
            word_set(
                """
                company firma unternehmen entreprise societe compania empresa organization corporate account billing
                facturation facturacion facturatie rechnung rechnungsversand fatturazione
                """
            ),
            4,
        ),
        **dict.fromkeys(
            word_set(
                """
                shipping secondary second third tertiary alternate alternative alt additional other others autre otro
                otra weitere weiterer weiteres andere sonstige zweite secondaire secundario
                """
            ),
            5,
        ),
    }
)

_CONTACTED = word_set(
    """
    contact contacts contacted email emails emailing call calls calling phone sms text texts bulk marketing mass send
    allow mail mails mailing mailings me this person customer via by for any and or all please communication
    communications whatsapp messages message solicit disturb direct
    mehr kontaktiert werden gewunscht erwunscht per telefon telefonische kontaktaufnahme
    kontaktieren kontakt anrufen anrufe telefonanrufe telefonisch werbung massenemails massen senden zulassen bitte
    werblich
    contacter appeler telephoner envoyer autoriser les l d de des appels demarcher solliciter prospecter
    contactar llamar enviar correo correos electronico electronicos permitir llamadas molestar
    """
)
_NOT: tuple[tuple[str, ...], ...] = (
    *(("do", "not"), ("don", "t"), ("dont",), ("never",), ("please", "do", "not")),
    *(("nicht",), ("keine",), ("kein",), ("bitte", "nicht"), ("bitte", "keine"), ("ne", "pas"), ("ne", "plus")),
    *(("no", "recibir"), ("no", "enviar"), ("no", "permitir"), ("no", "contactar"), ("no", "llamar")),
)
_LEFT = word_set(
    """
    optout optedout unsubscribed unsubscribe unsubscription abgemeldet desabonne desabonnee desinscrit desinscrite
    """
)
_OF_WHAT = word_set(
    """
    has is was of from all any email emails sms phone call calls text texts marketing contact customer person bulk
    mass mailing mailings communication communications global globally list lists whatsapp direct mail by in
    confirmed other
    address addresses flag the to everything von allen de tous toutes les des vom est s
    """
)
_STATE = word_set(
    """
    bulk mass email emails marketing subscriber subscription status state consent opt in permission mailing
    newsletter
    """
)
_WHEN = word_set("date time at on datetime timestamp when utc")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading means: its field, how telling it is (0 = most), and its number (`Phone 2` is 2).

    `word` is the heading as it was found; `sure` is False where it was put together of single words.
    """

    field: str
    rank: int
    number: int
    word: str
    sure: bool = True


def plain_words(text: str) -> str:
    """Give a text as plain words: lower case, no accents, every other sign a space, `e-mail` as `email`."""
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in lower if not unicodedata.combining(c))
    bare = bare.replace("#s", " numbers").replace("#", " number ").replace("'s ", " ").replace("’s ", " ")
    words = "".join(c if c.isalnum() else " " for c in bare).split()
    return re.sub(r"\be (?=mail)", "e", " ".join(words))


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Give a heading as plain words: `E-Mail_Address` and `emailAddress` are both `email address`."""
    return plain_words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).replace("organisation", "organization")


@lru_cache(maxsize=4096)
def heading(text: str, kind: str = CUSTOMERS) -> Heading | None:
    """Give what a heading means to a table of customers or of sales, or None when it means nothing there."""
    text = _CUSTOM_FIELD.sub("", text)
    key = header_key(text)
    words = key.split()
    number = next((int(word) for word in words if _is_small_number(word)), 0)
    plain = [word for word in words if not _is_small_number(word)]
    base = " ".join(plain)
    for candidate in dict.fromkeys((key, base, plain_words(text), _without_tail(plain))):
        if found := _looked_up(candidate, kind):
            return Heading(found[0], _rank(*found, candidate), number, candidate)
    for prefix in _SALES_PREFIXES if kind == SALES else ():
        rest = _without_tail(plain).removeprefix(f"{prefix} ")
        if rest != base and (found := _looked_up(rest, kind)):
            return Heading(found[0], _rank(*found, rest), number, rest)
    for prefixes, fields in ((_PREFIXES, _BEHIND_A_PREFIX), (_ORGANIZATION, _BEHIND_ORGANIZATION)):
        for prefix in prefixes:
            rest = base.removeprefix(f"{prefix} ")
            if rest not in (base, *_ALONE) and (found := WORDS.get(rest)) and found[0] in fields:
                later = 5 if found[0] in ("email", "phone") else _LATER
                return Heading(found[0], _rank(*found, rest) + later, number, rest)
    rest = base.removesuffix(" billing")  # `First Name (Billing)`
    if rest != base and (found := WORDS.get(rest)) and found[0] in _BEHIND_A_PREFIX:
        return Heading(found[0], found[1] + _LATER, number, rest)
    if composed := _composed(plain):
        return Heading(*composed, number, base, sure=False)
    return _read_by_letters(plain_words(text), kind)


def _read_by_letters(word: str, kind: str) -> Heading | None:
    """`LASTACTIVITYDATE` is the last activity date, `PERSONMOBILEPHONE` the mobile phone of a person."""
    joined = _SALES_JOINED if kind == SALES else _JOINED
    if " " in word or len(word) < _LETTERS:
        return None
    if (known := joined.get(word)) and (found := _looked_up(known, kind)):
        return Heading(found[0], _rank(*found, known), 0, known)
    for prefix in ("person", "contact"):
        rest = word.removeprefix(prefix)
        known = _JOINED.get(rest, rest)
        found = WORDS.get(known) if rest != word and len(rest) >= _LETTERS else None
        if found and found[0] in _BEHIND_A_PREFIX:
            return Heading(found[0], _rank(*found, known) + 5, 0, known)
    return None


def _looked_up(word: str, kind: str) -> tuple[str, int] | None:
    if kind != SALES:
        return WORDS.get(word)
    if found := SALES_WORDS.get(word):
        return found
    found = WORDS.get(word)
    return (found[0], found[1] + _LATER) if found else None


_CUSTOM_FIELD = re.compile(r"__p?c$", re.IGNORECASE)  # how Salesforce ends the names of columns of one's own
_TAIL = word_set("utc gmt eur usd gbp chf required optional pflichtfeld obligatoire obligatorio converted in")


def _without_tail(words: list[str]) -> str:
    """`Amount (EUR)` is an amount, `Last activity (UTC)` a day."""
    kept = [*words]
    while len(kept) > 1 and kept[-1] in _TAIL:
        kept.pop()
    return " ".join(kept)


def _rank(field: str, rank: int, word: str) -> int:
    """How telling a heading is; addresses and phones go by where they reach the customer."""
    if field not in ("email", "phone"):
        return rank
    words = word.split()
    if field == "phone" and "address" in words:
        return 40
    known = all(each in _SIDE or each in _EMAIL or each in _PHONE for each in words)
    return 10 * (max(_SIDE.get(each, 0) for each in words) if known else 3)


def _is_small_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 3


def _composed(words: list[str]) -> tuple[str, int] | None:
    """Give (field, rank) of a heading that is put together of words for an address, a phone, or an opt-out."""
    if not words or len(words) > 8:
        return None
    if _is_opt_out(words):
        return "do_not_contact", _LATER
    if len(words) > 1 and words[-1] in ("status", "consent", "state") and all(word in _STATE for word in words):
        return "do_not_contact", 2 * _LATER
    emails, phones = any(word in _EMAIL for word in words), any(word in _PHONE for word in words)
    if emails != phones and all(word in _EMAIL or word in _PHONE or word in _SIDE for word in words):
        field = "email" if emails else "phone"
        return field, _rank(field, 0, " ".join(words)) + 1
    if any(word in _COUNTRY for word in words) and all(
        word in _COUNTRY or word in _OF_A_COUNTRY or word in _SIDE for word in words
    ):
        return "country", _LATER + 10 * max(_SIDE.get(word, 0) for word in words)
    return None


def _is_opt_out(words: list[str]) -> bool:
    for start in _NOT:
        rest = words[len(start) :]
        if tuple(words[: len(start)]) == start and rest and all(word in _CONTACTED for word in rest):
            return True
    joined = " ".join(words)
    for left in ("opt out", "opted out", "opting out"):
        joined = joined.replace(left, "optout")
    parts = joined.split()
    return any(word in _LEFT for word in parts) and all(
        word in _LEFT or word in _OF_WHAT or word in _WHEN or word == "status" for word in parts
    )


def opt_out_kind(found: Heading | None) -> str:
    """How an opt-out column is read: `flag`, `time`, `may` or `state` (see `opt_outs.read_opt_out`)."""
    if found is None or found.field != "do_not_contact":
        return "flag"
    for kind, known in (("time", OPT_OUT_TIMES), ("may", MAY_CONTACT), ("state", OPT_OUT_STATES)):
        if found.word in known:
            return kind
    words = set(found.word.split())
    if not found.sure and words & {"date", "time", "datetime", "timestamp", "at", "when"}:
        return "time"
    return "state" if not found.sure and words & {"status", "state", "consent"} else "flag"


def is_known_heading(text: str) -> bool:
    """True when a heading is one that tables of customers, sales, activities or readings usually have."""
    return heading(text) is not None or heading(text, SALES) is not None or header_key(text) in _OTHER_WORDS
