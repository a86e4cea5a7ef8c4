"""The words of tables of facts (contacts, activities, readings, concerns, promises), as this and other tools have them.

Headings and cells are compared as plain words (`header_key`, `plain_words`) and whole; what is not listed is not
guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from followup.files.header_words import OPT_OUT_FLAGS, OPT_OUT_STATES, OPT_OUT_TIMES, FieldWords, header_key


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for line in text.strip().splitlines() for part in line.split(",") if (word := part.strip()))


CONTACTS, ACTIVITIES, READINGS = "contacts", "activities", "readings"
CONCERNS, PROMISES = "concerns", "promises"
FACT_KINDS = (CONTACTS, ACTIVITIES, READINGS, CONCERNS, PROMISES)

# ------------------------------------------------------------------------------------- whose row it is

_WHOSE = (
    FieldWords(field="customer_key", words=("customer key",)),
    FieldWords(
        field="customer_id",
        many=True,
        words=_words("""
            customer id, customer external id, customer number, customer no, client id, client number, account id
            accountid, company id, organization id, organisation id, companyid, associated company id
            associated company ids, primary associated company id, associated contact id, associated contact ids
            contact id, contactid, person id, personid, name id, who id, whoid, what id, related to id, relatedtoid
            contact name id, account name id, party id, kundennummer, kunden nr, kundennr, kunden id, numero client
            n client, code client, id client, numero de cliente, id cliente, id de cliente, codigo cliente
        """),
    ),
    FieldWords(
        field="customer",
        words=_words("""
            customer, customer name, client, client name, buyer, kunde, kundenname, nom du client, nom client
            cliente, nombre del cliente, nombre cliente
        """),
    ),
    FieldWords(
        field="company",
        many=True,
        words=_words("""
            company, company name, account, account name, company account, organization, organization name
            organisation, organisation name, associated company, associated companies, primary associated company
            associated company primary, business, business name, contact company, person company, related company
            customer company, firma, firmenname, unternehmen, organisationsname, societe, entreprise, raison sociale
            nom de l entreprise, empresa, nombre de la empresa, compania, razon social, organizacion
        """),
    ),
    FieldWords(
        field="name",
        words=_words("""
            contact, contact name, contact person, contact full name, full name, person, person name
            associated contact, associated contacts, name, who, respondent, respondent name, attendee, attendees
            participants, caller, called, user name, customer contact, kontakt, kontaktname, ansprechpartner
            ansprechperson, kontaktperson, teilnehmer, interlocuteur, nom du contact, nom complet, participant
            contacto, nombre del contacto, persona de contacto, nombre completo, participantes
        """),
    ),
    FieldWords(field="first_name", words=_words("first name, firstname, given name, vorname, prenom")),
    FieldWords(field="last_name", words=_words("last name, lastname, surname, family name, nachname, nom de famille")),
    FieldWords(
        field="email",
        many=True,
        words=_words("""
            email, email address, contact email, person email, customer email, associated contact email, work email
            respondent email, recipient email, user email, email work, primary email, mail, emailadresse
            email adresse, courriel, adresse email, correo, correo electronico, direccion de correo electronico
        """),
    ),
    FieldWords(
        field="phone",
        many=True,
        words=_words("""
            phone, phone number, telephone, contact phone, person phone, customer phone, mobile, mobile phone
            telefon, telefonnummer, handy, mobil, numero de telephone, portable, telefono, movil, celular
        """),
    ),
    FieldWords(
        field="related",
        many=True,
        words=_words("related to, relatedto, regarding, regarding object, related record, bezug auf, bezug"),
    ),
)
_SALE = (
    FieldWords(field="sale", words=("sale",)),
    FieldWords(field="product", words=_words("product, product name, produkt, produit, producto")),
    FieldWords(
        field="sale_id",
        words=_words(
            "deal id, dealid, opportunity id, opportunityid, associated deal id, associated deal ids, order id"
        ),
    ),
    FieldWords(
        field="deal",
        words=_words("""
            deal, deal name, deal title, opportunity, opportunity name, associated deal, associated deals
            related deal
            vorgang, verkaufschance, opportunite, affaire, oportunidad, negocio
        """),
    ),
)

# ------------------------------------------------------------------------------------------ headings

_DAY = """
    on, completed on, completed at, completed date, completed date time, completion date, date completed
    marked as done time, done on, done at, done time, actual end, closed time, held on
    activity date, call date, meeting date, contact date, date of contact, visit date, email date
    call start time, meeting start time, start time, start date, start date time, start, activity start time
    sent at, sent on, date sent, sent date, email send date, occurred at, occurred on, date, date time, datetime, day
    timestamp, time, erledigt am, abgeschlossen am, aktivitatsdatum, anrufdatum, kontaktdatum, datum, beginn
    startdatum, gesendet am, date de fin, date de l activite, date d appel, date de contact, date de debut
    fecha de finalizacion, fecha de la actividad, fecha de actividad, fecha de llamada, fecha de contacto, fecha
    fecha de inicio, from, due date, due date time, activity due date, due, fallig am, falligkeit, falligkeitsdatum
    date d echeance, echeance, fecha de vencimiento, vencimiento, fecha limite
"""
_MADE = """
    created at, created on, created date, created time, create date, date created, creation date, add time, added on
    activity created at, erstellt am, erstellungsdatum, angelegt am, date de creation, cree le, fecha de creacion
"""
_NOTE = """
    note, notes, comment, comments, full comments, body, text, description, details, summary, remarks, memo
    call notes, call body, call summary, meeting notes, internal meeting notes, meeting description
    meeting outcome notes
    note body, note content, email body, task notes, activity notes, message body, message
    notiz, notizen, kommentar, kommentare, bemerkung, bemerkungen, beschreibung, inhalt, gesprachsnotiz
    commentaire, commentaires, remarque, remarques, compte rendu, contenu
    nota, notas, comentario, comentarios, observaciones, descripcion, detalles, contenido
"""
_TABLES: Mapping[str, tuple[FieldWords, ...]] = MappingProxyType(
    {
        CONTACTS: (
            *(entry for entry in _WHOSE if entry.field not in ("related",)),
            FieldWords(
                field="role",
                words=_words("""
                    role, job title, title, position, job role, buying role, contact role, rolle, funktion, position
                    fonction, poste, cargo, puesto
                """),
            ),
            FieldWords(
                field="channel",
                words=_words("""
                    channel, preferred channel, preferred contact method, preferred method of contact, contact method
                    bevorzugter kanal, kanal, canal prefere, canal, canal preferido
                """),
            ),
            FieldWords(
                field="do_not_contact",
                many=True,
                words=("own do not contact", *OPT_OUT_FLAGS, *OPT_OUT_TIMES, *OPT_OUT_STATES),
            ),
            FieldWords(
                field="is_main",
                words=_words("""
                    is main, main, main contact, primary, is primary, primary contact, hauptkontakt, haupt
                    hauptansprechpartner, contact principal, principal, contacto principal
                """),
            ),
        ),
        ACTIVITIES: (
            *_WHOSE,
            *_SALE,
            FieldWords(
                field="external_id",
                words=_words("""
                    external id, activity id, call id, meeting id, event id, task id, email id, message id, note id
                    engagement id, interaction id, conversation id, record id, id, uid, guid, aktivitats id
                """),
            ),
            FieldWords(
                field="kind",
                words=_words("""
                    kind, activity type, type, task subtype, subtype, task type, event type, engagement type
                    interaction type, communication type, activity, activity kind, aktivitatstyp, aktivitat, typ, art
                    type d activite, type activite, activite, tipo de actividad, tipo, actividad
                """),
            ),
            FieldWords(field="on", many=True, words=_words(_DAY)),
            FieldWords(field="made_on", words=_words(_MADE)),
            FieldWords(
                field="status",
                words=_words("""
                    status, activity status, task status, call status, meeting status, event status, email send status
                    send status, done, is done, completed, is completed, closed, is closed, state, stand, erledigt
                    abgeschlossen, statut, etat, termine, terminee, fait, estado, completado, completada, hecho
                    realizada
                """),
            ),
            FieldWords(
                field="outcomes",
                words=_words("""
                    outcomes, outcome, call outcome, call result, meeting outcome, result, results, disposition
                    call disposition, call outcome name, outcome name, ergebnis, anrufergebnis, gesprachsergebnis
                    resultat, resultat de l appel, resultado, resultado de la llamada
                """),
            ),
            FieldWords(
                field="direction",
                words=_words("""
                    direction, call direction, email direction, message direction, call type, inbound outbound
                    incoming outgoing, richtung, anrufrichtung, sens, sens de l appel, direccion, sentido
                """),
            ),
            FieldWords(
                field="channel", words=_words("channel, medium, via, contact method, kanal, canal, moyen, medio")
            ),
            FieldWords(
                field="subject",
                words=_words("""
                    subject, title, call title, call subject, meeting name, meeting title, meeting subject
                    event title
                    email subject, task title, task name, task subject, activity subject, activity title
                    activity name
                    topic, betreff, titel, thema, objet, sujet, titre, asunto, titulo, tema
                """),
            ),
            FieldWords(field="note", many=True, words=_words(_NOTE)),
            FieldWords(
                field="minutes",
                words=_words("""
                    minutes, duration minutes, duration in minutes, duration min, duration mins, call duration minutes
                    call duration in minutes, length minutes, length in minutes, dauer minuten, dauer in minuten
                    dauer min, duree minutes, duree en minutes, duree min, duracion minutos, duracion en minutos
                """),
            ),
            FieldWords(
                field="seconds",
                words=_words("""
                    seconds, duration seconds, duration in seconds, duration sec, duration s, call duration seconds
                    call duration in seconds, call duration sec, talk time seconds, talk time in seconds
                    dauer sekunden, dauer in sekunden, dauer s, duree secondes, duree en secondes, duracion segundos
                    duracion en segundos
                """),
            ),
            FieldWords(
                field="duration",
                words=_words("duration, call duration, meeting duration, talk time, length, dauer, duree, duracion"),
            ),
            FieldWords(field="score", words=("score",)),
            *(
                FieldWords(field=name, words=(name.replace("_", " "),))
                for name in (
                    *("step", "occurrence", "purpose", "stage", "due_on", "opens_on", "closes_on"),
                    *("to_on", "to_time", "milestone"),
                )
            ),
        ),
        READINGS: (
            *_WHOSE,
            *_SALE,
            FieldWords(
                field="kind",
                words=_words("""
                    kind, survey type, metric, survey, scale, score type, question type, survey name, umfrage
                    kennzahl
                    type d enquete, enquete, tipo de encuesta, encuesta
                """),
            ),
            FieldWords(
                field="value",
                words=_words("""
                    value, score, rating, answer, response, survey score, survey rating, survey response, wert, punkte
                    bewertung, note globale, valeur, evaluation, valor, puntuacion, calificacion, valoracion
                """),
            ),
            FieldWords(
                field="nps",
                words=_words("""
                    nps, nps score, nps rating, net promoter score, nps value, nps response, nps survey rating
                    last nps survey rating, likelihood to recommend, likely to recommend, weiterempfehlung
                    weiterempfehlungswahrscheinlichkeit, score nps, note nps, puntuacion nps
                """),
            ),
            FieldWords(
                field="csat",
                words=_words("""
                    csat, csat score, csat rating, customer satisfaction, customer satisfaction score
                    satisfaction score
                    satisfaction rating, last csat survey rating, csat survey rating, zufriedenheit
                    kundenzufriedenheit
                    score csat, satisfaction client, satisfaction, satisfaccion, satisfaccion del cliente
                """),
            ),
            FieldWords(
                field="ces",
                words=_words("ces, ces score, ces rating, customer effort score, effort score, last ces survey rating"),
            ),
            FieldWords(
                field="usage",
                words=_words("""
                    usage, usage trend, product usage, usage change, nutzung, nutzungstrend, utilisation
                    usage produit
                    uso, tendencia de uso
                """),
            ),
            FieldWords(field="understood", words=_words("understood, verstanden, compris, entendido")),
            FieldWords(
                field="category",
                words=_words(
                    "category, nps category, promoter type, nps group, group, segment, nps segment, kategorie"
                ),
            ),
            FieldWords(
                field="on",
                many=True,
                words=_words("""
                    on, submitted at, submitted on, submission date, submit date, date submitted, responded at
                    responded on, response date, response time, date of response, answered at, answered on, rated at
                    survey date, survey submission date, last nps survey date, completed at, completed on
                    completion date, end date, date, day, timestamp, datum, antwortdatum, eingegangen am
                    ausgefullt am
                    date de reponse, date de soumission, repondu le, fecha, fecha de respuesta, fecha de envio
                """),
            ),
            FieldWords(field="made_on", words=_words(_MADE)),
            FieldWords(
                field="note",
                many=True,
                words=_words(
                    f"{_NOTE}, feedback, open feedback, reason, follow up answer, follow up response, survey comment"
                    ", last nps survey comment, verbatim, begrundung, ruckmeldung, avis, motivo"
                ),
            ),
        ),
        CONCERNS: (
            *_WHOSE,
            *_SALE,
            FieldWords(field="number", words=("number",)),
            FieldWords(
                field="text",
                words=_words("""
                    text, concern, objection, doubt, issue, problem, complaint, subject, ticket name
                    ticket subject, title
                    summary, description, comment, note, bedenken, einwand, beschwerde, anliegen, betreff
                    beschreibung
                    objection client, reclamation, objet, sujet, inquietud, objecion, queja, reclamacion, asunto
                """),
            ),
            FieldWords(field="severity", words=_words("severity, schwere, schweregrad, gravite, severite, gravedad")),
            FieldWords(
                field="category",
                words=_words(
                    "category, ticket category, reason, kategorie, grund, categorie, motif, categoria, motivo"
                ),
            ),
            FieldWords(
                field="opened_on",
                many=True,
                words=_words(f"""
                    opened on, opened, opened at, opened date, date opened, open date, reported on, reported at
                    raised on
                    date, day, {_MADE.strip()}, gemeldet am, eroffnet am, datum, signale le, ouvert le, date d ouverture
                    abierto el, fecha de apertura, fecha
                """),
            ),
            FieldWords(
                field="resolved_on",
                many=True,
                words=_words("""
                    resolved on, resolved, resolved at, resolved date, date resolved, resolution date, solved at
                    solved on
                    closed at, closed on, closed date, close date, date closed, gelost am, erledigt am, geschlossen am
                    resolu le, ferme le, date de resolution, resuelto el, cerrado el, fecha de resolucion
                    fecha de cierre
                """),
            ),
        ),
        PROMISES: (
            *_WHOSE,
            *_SALE,
            FieldWords(field="number", words=("number",)),
            FieldWords(
                field="text",
                words=_words("""
                    text, promise, commitment, action, task, task name, task title, subject, title, what, description
                    zusage, versprechen, aufgabe, betreff, beschreibung, promesse, engagement, tache, objet
                    promesa, compromiso, tarea, asunto
                """),
            ),
            FieldWords(
                field="by",
                many=True,
                words=_words("""
                    by, promised by, due date, due on, due by, due, deadline, due date time, fallig am
                    falligkeitsdatum, frist
                    bis, echeance, date d echeance, date limite, fecha limite, fecha de vencimiento, vence
                    vencimiento
                """),
            ),
            FieldWords(
                field="done_on",
                many=True,
                words=_words("""
                    done on, done at, completed on, completed at, completed date, completion date, date completed
                    kept on
                    closed time, erledigt am, abgeschlossen am, fait le, termine le, hecho el, completado el
                """),
            ),
            FieldWords(
                field="told_on",
                words=_words("told on, informed on, communicated on, mitgeteilt am, informe le, informado el"),
            ),
            FieldWords(field="about", words=("about",)),
            FieldWords(field="concern", words=("concern",)),
            FieldWords(field="answer", words=("answer",)),
        ),
    }
)
FIELDS: Mapping[str, Mapping[str, FieldWords]] = MappingProxyType(
    {kind: MappingProxyType({entry.field: entry for entry in table}) for kind, table in _TABLES.items()}
)
"""Kind of table -> field -> its headings."""

_RANKS: Mapping[str, Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        kind: {
            word: (entry.field, rank) for entry in reversed(table) for rank, word in reversed([*enumerate(entry.words)])
        }
        for kind, table in _TABLES.items()
    }
)
_PREFIXES = ("activity", "call", "meeting", "event", "task", "email", "engagement", "interaction", "survey", "ticket")
_NOT_BEHIND_A_PREFIX = ("customer", "name", "company", "phone")  # the name of a meeting is nobody's name

OWN_HEADINGS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        CONTACTS: frozenset(("id", "customer_key", "name", "own_do_not_contact", "is_main")),
        ACTIVITIES: frozenset(("id", "customer_key", "sale", "kind", "on", "outcomes", "milestone")),
        READINGS: frozenset(("id", "customer_key", "sale", "kind", "value", "on")),
        CONCERNS: frozenset(("id", "customer_key", "sale", "number", "text", "opened_on")),
        PROMISES: frozenset(("id", "customer_key", "sale", "number", "text", "by", "told_on")),
    }
)
"""Headings that only followup's own table of a kind has together."""

OWN_SPARE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        CONTACTS: frozenset(("id", "do_not_contact")),
        **dict.fromkeys((ACTIVITIES, READINGS, CONCERNS, PROMISES), frozenset(("id", "tags"))),
    }
)
"""Columns of followup's own tables that follow from others."""


def field_of(kind: str, header: str) -> tuple[str, int] | None:
    """The field that a heading of such a table names, with its rank (0 is the most telling); None for no field."""
    key, ranks = header_key(header), _RANKS[kind]
    if key in ranks:
        return ranks[key]
    for prefix in _PREFIXES:
        rest = key.removeprefix(f"{prefix} ")
        if rest != key and rest in ranks and (prefix == "activity" or ranks[rest][0] not in _NOT_BEHIND_A_PREFIX):
            field, rank = ranks[rest]
            return field, rank + 100
    return None


# --------------------------------------------------------------------------------------------- cells

CALL, MEETING, EMAIL, MESSAGE = "call", "meeting", "email", "message"
VIDEO, VISIT, LETTER, NOTE, TASK = "video", "visit", "letter", "note", "task"
SPOKEN = (CALL, MEETING, VIDEO, VISIT)
WRITTEN = (EMAIL, MESSAGE, LETTER)

CHANNEL_OF: Mapping[str, str] = MappingProxyType(
    {
        CALL: "phone",
        MEETING: "meeting",
        VIDEO: "video",
        VISIT: "visit",
        EMAIL: "email",
        MESSAGE: "message",
        LETTER: "letter",
    }
)


def _all_to(*pairs: tuple[str, str]) -> Mapping[str, str]:
    return MappingProxyType({word: value for value, text in pairs for word in _words(text)})


TYPES: Mapping[str, str] = _all_to(
    (
        CALL,
        """
        call, calls, phone, phone call, telephone, telephone call, logged call, call log, outbound call, inbound call
        incoming call, outgoing call, anruf, telefonat, telefon, telefongesprach, appel, appel telephonique
        llamada, llamada telefonica
    """,
    ),
    (
        MEETING,
        """
        meeting, meetings, event, appointment, in person meeting, face to face, face to face meeting, lunch, breakfast
        dinner, coffee, besprechung, termin, treffen, reunion, rendez vous, rdv, cita, almuerzo
    """,
    ),
    (
        VIDEO,
        """
        video, video call, video conference, videoconference, videocall, zoom, zoom meeting, teams, teams meeting
        microsoft teams, microsoft teams meeting, google meet, webex, online meeting, web meeting, web conference
        videokonferenz, videoanruf, videogesprach, visio, visioconference, videollamada, videoconferencia
    """,
    ),
    (VISIT, "visit, site visit, on site visit, customer visit, besuch, kundenbesuch, vor ort, visite, visita"),
    (
        EMAIL,
        """
        email, emails, mail, outgoing email, sent email, email sent, incoming email, email received, received email
        forwarded email, courriel, correo, correo electronico, email envoye, email recu, email enviado, email recibido
    """,
    ),
    (
        MESSAGE,
        """
        sms, text, text message, whatsapp, whatsapp message, linkedin, linkedin message, linkedin inmail, inmail, chat
        message, direct message, telegram, messenger, nachricht, kurznachricht, mensaje
    """,
    ),
    (LETTER, "letter, post, postal mail, mail letter, brief, lettre, courrier, carta"),
    (
        NOTE,
        """
        note, notes, comment, internal note, remark, attachment, file, document, notiz, kommentar, commentaire, nota
        comentario, list email, mass email, marketing email, system
    """,
    ),
    (TASK, "task, tasks, to do, todo, deadline, reminder, follow up task, aufgabe, wiedervorlage, tache, tarea"),
)
"""What a CRM calls the kinds of its activities."""

INBOUND: frozenset[str] = frozenset(
    _words("""
        inbound, incoming, in, received, incoming call, inbound call, incoming email, email received, received email
        eingehend, eingang, empfangen, entrant, entrante, recu, recibido, recibida, email recu, email recibido
    """)
)
OUTBOUND: frozenset[str] = frozenset(
    _words("""
        outbound, outgoing, out, sent, email, forwarded email, outgoing call, outbound call, outgoing email
        sent email
        email sent, ausgehend, ausgang, gesendet, sortant, sortante, envoye, saliente, enviado, enviada, email envoye
        email enviado
    """)
)
MISSED: frozenset[str] = frozenset(
    _words("missed, missed call, verpasst, manque, appel manque, perdida, llamada perdida")
)

DONE: frozenset[str] = frozenset(
    _words("""
        completed, complete, done, finished, closed, held, sent, delivered, logged, opened, clicked, received
        yes, y, true, 1, x, ✓, ✔, success, successful, erledigt, abgeschlossen, fertig, beendet, durchgefuhrt
        gesendet, ja
        wahr, termine, terminee, effectue, effectuee, realise, realisee, fait, faite, envoye, oui, vrai
        completado, completada, hecho, hecha, finalizado, finalizada, realizado, realizada, enviado, si, verdadero
    """)
)
OPEN: frozenset[str] = frozenset(
    _words("""
        open, not started, in progress, planned, scheduled, pending, waiting, waiting on someone else, deferred, to do
        todo, not done, not held, incomplete, not completed, overdue, draft, queued, upcoming, new, ringing
        connecting
        calling crm user, no, n, false, 0, rescheduled, canceled, cancelled, called off, failed, bounced, not sent
        offen, geplant, nicht begonnen, in bearbeitung, ausstehend, zuruckgestellt, nein, falsch, abgesagt, verschoben
        a faire, en cours, planifie, planifiee, prevu, prevue, en attente, non, faux, annule, annulee, reporte
        reportee
        pendiente, abierto, abierta, planificado, planificada, programado, programada, en curso, no iniciado
        no iniciada
        falso, cancelado, cancelada, reprogramado, reprogramada, aplazado, aplazada
    """)
)
"""States in which nothing has happened (yet): open, planned, called off, not delivered."""

RESULTS: Mapping[str, str] = _all_to(
    (
        "ok",
        """
        connected, call connected, answered, call answered, completed, spoke, spoken, spoke to, spoke with, talked
        reached
        contacted, held, meeting held, attended, met, conversation, live conversation, call completed
        meeting completed
        replied, reply received, success, successful, call successful, erreicht, gesprochen, gesprach gefuhrt
        verbunden
        angenommen, stattgefunden, durchgefuhrt, erfolgreich, joint, abouti, repondu, a repondu, effectue, realise
        realisee, contactado, contesto, contestada, respondio, respondida, localizado, atendida, realizada, realizado
        celebrada, conectado, conectada
    """,
    ),
    (
        "left-message",
        """
        left voicemail, left voice mail, voicemail, voice mail, voicemail left, left vm, vm, lvm, left message
        left a message, left live message, message left, left message with gatekeeper, nachricht hinterlassen, mailbox
        anrufbeantworter, auf mailbox gesprochen, voicemail hinterlassen, message laisse, messagerie
        messagerie vocale
        repondeur, message vocal, mensaje dejado, dejo mensaje, mensaje de voz, buzon de voz, contestador
    """,
    ),
    (
        "no-answer",
        """
        no answer, unanswered, not answered, no response, busy, line busy, not reached, did not answer
        did not pick up
        unreachable, not available, unavailable, no show, noshow, could not reach, not connected
        no contact, nicht erreicht, keine antwort, besetzt, nicht angenommen, nicht erschienen, nicht erreichbar
        pas de reponse, sans reponse, non joint, occupe, absent, injoignable, no contesta, sin respuesta, no contesto
        ocupado, no localizado, comunica, no responde, no disponible, no asistio
    """,
    ),
    (
        "wrong-contact",
        """
        wrong number, bad number, invalid number, number not in service, wrong person, wrong contact, left company
        no longer with company, no longer there, falsche nummer, falscher ansprechpartner, nicht mehr im unternehmen
        mauvais numero, faux numero, mauvais interlocuteur, numero equivocado, numero incorrecto, numero erroneo
    """,
    ),
    (
        "stop",
        """
        do not call, do not contact, dnc, do not call again, opted out, opt out, unsubscribed, remove from list
        asked not to be called, nicht mehr anrufen, nicht mehr kontaktieren, ne plus appeler, ne plus contacter
        no llamar, no contactar, no volver a llamar
    """,
    ),
)
"""What calls and meetings came to, as an outcome of followup; only where it is plain."""

SCALES: Mapping[str, str] = _all_to(
    ("nps", "nps, net promoter score, net promoter"),
    ("csat", "csat, customer satisfaction, customer satisfaction score, csat5"),
    ("ces", "ces, customer effort, customer effort score, ces7"),
    ("usage", "usage, nutzung, utilisation, uso"),
    ("understood", "understood, verstanden, compris, entendido"),
)
PROMOTERS: frozenset[str] = frozenset(
    _words("""
        promoter, promoters, passive, passives, neutral, neutrals, detractor, detractors, promotor, promotoren
        kritiker
        detraktor, passiv, promoteur, promoteurs, detracteur, detracteurs, passif, passifs, pasivo, pasivos
        promotores
        detractores
    """)
)
USAGE: Mapping[str, str] = _all_to(
    (
        "up",
        """
        up, increasing, increased, growing, grown, rising, higher, more, steigend, gestiegen, mehr, zunehmend
        en hausse
        hausse, croissant, augmente, plus, subiendo, aumentando, creciente, mas
    """,
    ),
    (
        "steady",
        """
        steady, stable, flat, same, unchanged, constant, gleich, gleichbleibend, stabil, unverandert, constante
        inchange
        pareil, estable, igual, sin cambios
    """,
    ),
    (
        "down",
        """
        down, decreasing, decreased, declining, declined, falling, lower, less, shrinking, sinkend, gesunken
        fallend, weniger
        abnehmend, en baisse, baisse, decroissant, moins, bajando, disminuyendo, decreciente, menos
    """,
    ),
)
SEVERITY: Mapping[str, str] = _all_to(
    ("minor", "minor, low, small, trivial, gering, niedrig, klein, mineur, mineure, faible, menor, leve, baja, bajo"),
    (
        "moderate",
        """
        moderate, medium, normal, mittel, massig, modere, moderee, moyen, moyenne, moderado, moderada, media, medio
    """,
    ),
    (
        "major",
        """
        major, high, critical, severe, urgent, hoch, kritisch, schwer, majeur, majeure, eleve, elevee, grave, critique
        alto, alta, critico, critica, mayor
    """,
    ),
)
CATEGORY: Mapping[str, str] = _all_to(
    (
        "product",
        "product, quality, feature, functionality, bug, produkt, qualitat, produit, qualite, producto, calidad",
    ),
    ("price", "price, pricing, cost, budget, billing, preis, kosten, prix, cout, precio, coste, costo"),
    ("delivery", "delivery, shipping, logistics, lieferung, versand, livraison, entrega, envio"),
    ("support", "support, service, help, kundendienst, unterstutzung, assistance, soporte, servicio"),
    ("company", "company, trust, reputation, firma, unternehmen, entreprise, empresa"),
    ("other", "other, general, sonstiges, andere, anderes, autre, divers, otro, otra, otros"),
)
