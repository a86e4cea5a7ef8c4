"""Who is in the data file, for matching the rows of a table: in bounded memory, however long table and file are.

Keys, ids of other tools and plain e-mails are found by the indexes of the data file. What these cannot find, names as
they are compared, is kept as numbers in a scratch file of SQLite, which has no name, goes with the connection and
holds no text of a customer.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from followup.store.convert import id_list, to_json
from followup.store.customers import digits
from followup.store.failures import translated
from followup.store.journal import Journal
from followup.store.values import Alias, Identity, Wanted

_ALL = """
    SELECT customer.id, customer.name, customer.company, contact.email, contact.phone
    FROM customer LEFT JOIN contact ON contact.customer_id = customer.id
    ORDER BY customer.id
    """
_SOME = """
    SELECT customer.id, customer.name, customer.company, contact.email, contact.phone
    FROM customer LEFT JOIN contact ON contact.customer_id = customer.id
    WHERE customer.id IN (SELECT value FROM json_each(?))
    ORDER BY customer.id
    """
_ALL_ALIASES = "SELECT customer_id, name, company FROM alias"
_SCRATCH = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -65536",
    "CREATE TABLE mark (hash INTEGER NOT NULL, customer_id INTEGER NOT NULL)",
)
_INDEX = "CREATE INDEX mark_hash ON mark (hash, customer_id)"
_ADD_MARK = "INSERT INTO mark (hash, customer_id) VALUES (?, ?)"
_MARKED = "SELECT DISTINCT customer_id FROM json_each(?) AS wanted CROSS JOIN mark ON mark.hash = wanted.value"
_CROWDED = """
    SELECT wanted.value FROM json_each(:hashes) AS wanted
    WHERE (SELECT count(*) FROM (SELECT 1 FROM mark WHERE mark.hash = wanted.value LIMIT :most)) >= :most
    """
_SOME_MARKED = "SELECT customer_id FROM mark WHERE hash = ? ORDER BY customer_id LIMIT ?"

_FOUND = """
    SELECT customer.id FROM json_each(:keys) AS wanted CROSS JOIN customer ON customer.key = wanted.value
    UNION SELECT alias.customer_id FROM json_each(:keys) AS wanted
    CROSS JOIN alias ON alias.key = wanted.value AND alias.key <> ''
    UNION SELECT customer.id FROM json_each(:ids) AS wanted
    CROSS JOIN customer ON customer.external_id = wanted.value AND customer.external_id <> ''
    UNION SELECT alias.customer_id FROM json_each(:ids) AS wanted
    CROSS JOIN alias ON alias.external_id = wanted.value AND alias.external_id <> ''
    UNION SELECT contact.customer_id FROM json_each(:emails) AS wanted
    CROSS JOIN contact ON contact.email = wanted.value COLLATE NOCASE AND contact.email <> ''
    """
_DETAILS = """
    SELECT customer.id, customer.key, customer.external_id, customer.name, customer.company, contact.email,
           contact.phone
    FROM customer LEFT JOIN contact ON contact.customer_id = customer.id
    WHERE customer.id IN (SELECT value FROM json_each(?))
    ORDER BY customer.id, contact.is_main DESC, contact.id
    """
_ALIASES = """
    SELECT customer_id, key, external_id, name, company FROM alias
    WHERE customer_id IN (SELECT value FROM json_each(?)) ORDER BY id
    """
_USED = """
    SELECT customer.key FROM json_each(:keys) AS wanted CROSS JOIN customer ON customer.key = wanted.value
    UNION SELECT alias.key FROM json_each(:keys) AS wanted
    CROSS JOIN alias ON alias.key = wanted.value AND alias.key <> ''
    """
_HIGHEST = """
    SELECT base.value AS base,
           (SELECT max(CAST(substr(customer.key, length(base.value) + 2) AS INTEGER)) FROM customer
            WHERE customer.key >= base.value || '-0' AND customer.key < base.value || '-:'
              AND length(customer.key) < length(base.value) + 12) AS number
    FROM json_each(:bases) AS base
    """
_OTHERS_WROTE = "PRAGMA data_version"

_CHUNK = 10_000
MOST_ALIKE = 100  # people with one name of whom all are looked at; of more only those who can be told apart


def comparable(text: str) -> str:
    """Text as names are compared: upper case, blanks and how an accent is encoded do not matter."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


class Identities(Journal):
    """Finding the customers whom rows of a table may be about."""

    _scratch: sqlite3.Connection | None = None
    _seen: int = 0

    def close(self) -> None:
        """Close the file, and forget what was kept for matching."""
        self.forget_identities()
        super().close()

    def index_identities(self) -> None:
        """Get ready for `candidates`: read all names once. Again it does nothing, unless another process has written.

        Customers added or renamed afterwards on this connection are found by name when `learn_identities` was told.
        """
        version = self._all(_OTHERS_WROTE)[0]["data_version"]
        if self._scratch is not None and version == self._seen:
            return
        self.forget_identities()
        with translated(self.path):
            self._scratch = scratch = sqlite3.connect("", isolation_level=None)
            self._seen = version
            for statement in _SCRATCH:
                scratch.execute(statement)
            scratch.execute("BEGIN")
            with self._snapshot():
                scratch.executemany(_ADD_MARK, _marks_of(self._connection.execute(_ALL)))
                scratch.executemany(_ADD_MARK, _marks_of_aliases(self._connection.execute(_ALL_ALIASES)))
            scratch.execute(_INDEX)
            scratch.execute("COMMIT")

    def forget_identities(self) -> None:
        """Throw away what `index_identities` made and `learn_identities` was told."""
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None

    def candidates(self, wanted: Sequence[Wanted]) -> list[Identity]:
        """Everybody who shares a key, an external id, an e-mail, or name and company with one of `wanted`, by number.

        Also those who did so before they were merged into somebody. Of more than a hundred with one name only those who
        also share a phone, or of whom neither phone nor e-mail is known (a hundred of these).
        """
        looks = [_Looks(each) for each in wanted]
        ids = self._stored_alike(looks)
        ids |= self._marked_alike(looks)
        sought = {hashed for each in looks for hashed in each.hashes}
        return [found for found in self.identities_of(ids) if not sought.isdisjoint(_hashes_of(found))]

    def learn_identities(self, customer_ids: Collection[int]) -> None:
        """Take in customers whom the running write has added or changed: they are found by what they are called now."""
        with translated(self.path):
            scratch = self._ready()
            scratch.execute("BEGIN")
            scratch.executemany(_ADD_MARK, _marks_of(self._connection.execute(_SOME, (id_list(customer_ids),))))
            scratch.execute("COMMIT")

    def used_keys(self, keys: Collection[str]) -> set[str]:
        """Those of `keys` that a customer has, or had before a merge."""
        return {row["key"] for row in self._all(_USED, {"keys": to_json(sorted(keys))})} if keys else set()

    def highest_keys(self, bases: Collection[str]) -> dict[str, int]:
        """For those of `bases` that are keys: the highest number with which one of them is used, at least 1.

        `anna` gives 17 where there are `anna` and `anna-17`; nothing where nobody is `anna`.
        """
        used = self.used_keys(bases)
        highest = {row["base"]: row["number"] for row in self._all(_HIGHEST, {"bases": to_json(sorted(used))})}
        return {base: max(1, highest[base] or 1) for base in used}

    def _ready(self) -> sqlite3.Connection:
        if self._scratch is None:
            raise RuntimeError("index_identities comes before looking for anybody")
        return self._scratch

    def _stored_alike(self, looks: Sequence[_Looks]) -> set[int]:
        """By the indexes of the data file: keys, external ids, and e-mails of plain letters."""
        sought = {
            "keys": to_json(sorted({each.wanted.key for each in looks} - {""})),
            "ids": to_json(sorted({each.wanted.external_id for each in looks} - {""})),
            "emails": to_json(sorted({email for each in looks for email in each.emails})),
        }
        return {row["id"] for row in self._all(_FOUND, sought)}

    def _marked_alike(self, looks: Sequence[_Looks]) -> set[int]:
        """By the marks: names, e-mails of other letters, and everything of customers that were learned."""
        hashes = {hashed for each in looks for hashed in each.hashes}
        names = {each.name for each in looks if each.name is not None}
        with translated(self.path):
            scratch = self._ready()
            sought = {"hashes": to_json(sorted(names)), "most": MOST_ALIKE + 1}
            crowded = {row[0] for row in scratch.execute(_CROWDED, sought)}
            told_apart = {hashed for each in looks if each.name in crowded for hashed in each.told_apart}
            sure = to_json(sorted(hashes - crowded | told_apart))
            ids = {row[0] for row in scratch.execute(_MARKED, (sure,))}
            for bare in {each.bare for each in looks if each.name in crowded}:
                ids |= {row[0] for row in scratch.execute(_SOME_MARKED, (bare, MOST_ALIKE))}
        return ids

    def identities_of(self, customer_ids: Collection[int]) -> Iterator[Identity]:
        """These customers as the data file has them now, with all that tells them apart, by number."""
        sought = (id_list(customer_ids),)
        with self._snapshot():
            rows = self._all(_DETAILS, sought)
            aliases: defaultdict[int, list[Alias]] = defaultdict(list)
            for row in self._all(_ALIASES, sought):
                aliases[row.pop("customer_id")].append(Alias(**row))
        for customer_id, group in groupby(rows, key=lambda row: row["id"]):
            people = list(group)
            yield Identity(
                customer_id=customer_id,
                key=people[0]["key"],
                external_id=people[0]["external_id"],
                name=people[0]["name"],
                company=people[0]["company"],
                emails=tuple(row["email"] for row in people if row["email"]),
                phones=tuple(row["phone"] for row in people if row["phone"]),
                aliases=tuple(aliases[customer_id]),
            )


class _Looks:
    """What is wanted, in a form in which it can be looked up. `name` is None where no name is said."""

    __slots__ = ("bare", "emails", "hashes", "name", "told_apart", "wanted")

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.emails = {comparable(email) for email in wanted.emails} - {""}
        name, company = comparable(wanted.name), comparable(wanted.company)
        self.name = _name(name, company) if name or company else None
        self.bare = _bare(name, company)
        self.told_apart = {_with_phone(name, company, phone) for phone in wanted.phones}
        self.hashes = {_email(email) for email in self.emails}
        self.hashes |= {_key(wanted.key)} if wanted.key else set()
        self.hashes |= {_external(wanted.external_id)} if wanted.external_id else set()
        self.hashes |= {self.name} if self.name is not None else set()


# Numbers stand for texts; that two texts have one number is unlikely, and `candidates` may give somebody too many.


def _name(name: str, company: str) -> int:
    return hash(("name", name, company))


def _with_phone(name: str, company: str, phone: str) -> int:
    return hash(("phone", name, company, digits(phone)))


def _bare(name: str, company: str) -> int:
    return hash(("bare", name, company))


def _email(folded: str) -> int:
    return hash(("email", folded))


def _key(key: str) -> int:
    return hash(("key", key))


def _external(external_id: str) -> int:
    return hash(("id", external_id))


def _is_plain(email: str) -> bool:
    """True when the index of the data file finds an e-mail, however it is written."""
    return email.isascii() and len(email.split()) == 1 and email == email.strip()


def _marks_of(people: Iterable[tuple[int, str, str, str | None, str | None]]) -> Iterator[tuple[int, int]]:
    """The marks of customers with their people, one row for each person, or one row without a person."""
    last, is_bare, bare = 0, False, 0
    for customer_id, own_name, own_company, email, phone in people:
        if customer_id != last:
            if is_bare:
                yield bare, last
            name, company = comparable(own_name), comparable(own_company)
            yield _name(name, company), customer_id
            last, is_bare, bare = customer_id, True, _bare(name, company)
        if phone:
            yield _with_phone(name, company, phone), customer_id
        if email and not _is_plain(email):
            yield _email(comparable(email)), customer_id
        is_bare = is_bare and not (phone or email)
    if is_bare:
        yield bare, last


def _marks_of_aliases(aliases: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, int]]:
    for customer_id, name, company in aliases:
        yield _name(comparable(name), comparable(company)), customer_id


def _hashes_of(identity: Identity) -> set[int]:
    """What one may share with a customer."""
    hashes = {_email(comparable(email)) for email in identity.emails}
    for known in _names_of(identity):
        hashes |= {_key(known.key)} if known.key else set()
        hashes |= {_external(known.external_id)} if known.external_id else set()
        hashes.add(_name(comparable(known.name), comparable(known.company)))
    return hashes


def _names_of(identity: Identity) -> tuple[Alias, ...]:
    own = Alias(key=identity.key, external_id=identity.external_id, name=identity.name, company=identity.company)
    return (own, *identity.aliases)
