"""Who a row of an imported table is about.

A customer is found by followup's own key, by the id of the other tool, by e-mail, then by name and company, and also by
what it was called before a merge. Two people with one name, or with one e-mail and two names, stay two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from followup.files.customer_rows import CustomerRow
from followup.store import Identity, Wanted, comparable


def wanted(row: CustomerRow) -> Wanted:
    """What to look for in the data file."""
    return Wanted(
        external_id=row.customer.external_id,
        key=row.customer.key,
        emails=_emails_of(row),
        name=row.customer.name,
        company=row.customer.company,
        phones=_phones_of(row),
    )


def identity_of(row: CustomerRow, *, number: int) -> Identity:
    """Who a row is about that nobody was found for."""
    return Identity(
        customer_id=number,
        key=row.customer.key,
        external_id=row.customer.external_id,
        name=row.customer.name,
        company=row.customer.company,
        emails=_emails_of(row),
        phones=_phones_of(row),
    )


def _emails_of(row: CustomerRow) -> tuple[str, ...]:
    return tuple(contact.email for contact in row.contacts if contact.email)


def _phones_of(row: CustomerRow) -> tuple[str, ...]:
    return tuple(contact.phone for contact in row.contacts if contact.phone)


class Known:
    """Whom the rows of a chunk may be about."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._by_key: dict[str, Identity] = {}
        self._by_id: dict[str, list[Identity]] = {}
        self._by_email: dict[str, list[Identity]] = {}
        self._by_name: dict[_Name, list[Identity]] = {}
        for identity in identities:
            self.learn(identity)

    def learn(self, identity: Identity) -> None:
        """Remember somebody, and what they were called before a merge."""
        for key in _keys(identity):
            self._by_key.setdefault(key, identity)
        for number in _ids(identity):
            self._by_id.setdefault(number, []).append(identity)
        for email in _emails(identity):
            self._by_email.setdefault(email, []).append(identity)
        for name in _names(identity):
            self._by_name.setdefault(name, []).append(identity)

    def find(self, row: CustomerRow, claimed: Collection[int]) -> Identity | None:
        """Who the row is about, or None for somebody new.

        `claimed` are customers whom earlier rows of the same table are about. In followup's own table, which has keys,
        every row is about somebody else.
        """
        if not row.customer.key:
            return self._search(row, claimed)
        if found := self._by_key.get(row.customer.key):
            return found
        found = self._search(row, claimed)
        return found if found is not None and found.customer_id not in claimed else None

    def _search(self, row: CustomerRow, claimed: Collection[int]) -> Identity | None:
        me = _Looks(row)
        by_id = (found for found in self._by_id.get(me.id, ()) if me.id and not me.is_somebody_else(found))
        if found := next(by_id, None):
            return found
        by_email = [
            found for email in me.emails for found in self._by_email.get(email, ()) if not me.has_other_id(found)
        ]
        named = (found for found in by_email if me.is_unnamed or me.name in _names(found))
        free = (found for found in by_email if found.customer_id not in claimed)
        return next(named, None) or next(free, None) or self._by_name_and_company(me, claimed)

    def _by_name_and_company(self, me: _Looks, claimed: Collection[int]) -> Identity | None:
        alike = [
            found
            for found in self._by_name.get(me.name, ())
            if not me.has_other_id(found) and not me.has_other_email(found)
        ]
        by_phone = (found for found in alike if me.phones & _phones(found))
        free = (found for found in alike if found.customer_id not in claimed)
        repeated = (found for found in alike if not (me.phones and found.phones))
        return next(by_phone, None) or next(free, None) or next(repeated, None)


_Name = tuple[str, str]


class _Looks:
    """What a row says about who it is, in a form in which it can be compared."""

    def __init__(self, row: CustomerRow) -> None:
        self.id = row.customer.external_id
        self.name = name_key(row.customer.name, row.customer.company)
        self.emails = {comparable(email) for email in _emails_of(row)}
        self.phones = {_digits(contact.phone) for contact in row.contacts if contact.phone}
        self.is_unnamed = comparable(row.customer.name) in self.emails

    def has_other_id(self, found: Identity) -> bool:
        return bool(self.id and found.external_id) and self.id not in _ids(found)

    def has_other_email(self, found: Identity) -> bool:
        return bool(self.emails and found.emails) and not self.emails & _emails(found)

    def is_somebody_else(self, found: Identity) -> bool:
        """True where nothing but the id is the same: many tools count their customers from 1."""
        mine = _words([self.name])
        return self.has_other_email(found) and not (mine & _words(_names(found)) or self.phones & _phones(found))


def name_key(name: str, company: str) -> _Name:
    """Name and company as they are compared: upper case, blanks and how accents are stored do not matter."""
    return comparable(name), comparable(company)


def _names(identity: Identity) -> list[_Name]:
    own = name_key(identity.name, identity.company)
    return [own, *(name_key(alias.name, alias.company) for alias in identity.aliases)]


def _words(names: Iterable[_Name]) -> set[str]:
    return {word for name, company in names for word in (*name.split(), *company.split())}


def _keys(identity: Identity) -> set[str]:
    return {identity.key, *(alias.key for alias in identity.aliases)} - {""}


def _ids(identity: Identity) -> set[str]:
    return {identity.external_id, *(alias.external_id for alias in identity.aliases)} - {""}


def _emails(identity: Identity) -> set[str]:
    return {comparable(email) for email in identity.emails}


def _phones(identity: Identity) -> set[str]:
    return {_digits(phone) for phone in identity.phones}


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdecimal())
