"""Passwords: from a command, an environment variable or the system's keyring; never written down by us.

Into the keyring a password comes with the keyring's own program: `keyring set followup-smtp USER`. Under cron there
is often no keyring to ask, because nobody is logged in: a command or a variable works there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Thread

from followup.core.visible import visible
from followup.errors import EXIT_REFUSED, NotDeliveredError

SMTP_SERVICE = "followup-smtp"
"""Under this name the keyring holds mail passwords: `keyring set followup-smtp USER`."""
CALDAV_SERVICE = "followup-caldav"
"""Under this name the keyring holds calendar passwords: `keyring set followup-caldav USER`."""

KEYRING_PATIENCE = 30.0
"""Seconds for a keyring to answer: its owner may have to unlock it."""

_SECTIONS = {SMTP_SERVICE: "smtp", CALDAV_SERVICE: "caldav"}
_LONGEST = 65_536


def find_password(
    *,
    command: Sequence[str],
    variable: str,
    environment: Mapping[str, str],
    service: str = SMTP_SERVICE,
    user: str,
    timeout: float = 10.0,
) -> str | None:
    """Give the password: the first line that `command` prints, else `variable`, else what the keyring has; or None.

    `command` is a list of words, run without a shell, with `environment`, nothing on its input and no terminal, for
    at most `timeout` seconds. The keyring is asked only where there is a `user` and the library `keyring` is
    installed. Raises NotDeliveredError: exit 1 when a command fails, when a named variable is empty and the keyring
    has nothing either, and when the keyring cannot be asked; 75 when one of them takes too long. No error contains
    the password or anything that the command printed.
    """
    section = _SECTIONS.get(service, service)
    if command:
        return _from_command(command, environment, section, timeout)
    if variable:
        return environment.get(variable) or _instead_of(variable, service, user)
    return _from_keyring(service, user, section) if user else None


def _from_command(command: Sequence[str], environment: Mapping[str, str], section: str, timeout: float) -> str:
    from followup.delivery.processes import run_program

    name = visible(command[0])[:160]
    hint = f"followup config get {section}.password_command"
    try:
        ended = run_program(command, environment=environment, timeout=timeout, keep=_LONGEST)
    except (OSError, ValueError) as error:
        reason = f": {error.strerror.lower()}" if isinstance(error, OSError) and error.strerror else ""
        raise _no_password(f"the password command {name} could not be started{reason}", hint) from None
    if ended.code is None:
        sentence = f"the password command {name} took longer than {timeout:g} seconds"
        raise NotDeliveredError(sentence, hint="it cannot ask anybody: let it print the password by itself")
    if ended.code != 0:
        how = f"ended with {ended.code}" if ended.code > 0 else f"was ended by signal {-ended.code}"
        raise _no_password(f"the password command {name} {how}; what it said is not shown", hint)
    first = ended.out.partition(b"\n")[0].removesuffix(b"\r")
    try:
        password = first.decode("utf-8")
    except UnicodeDecodeError:
        raise _no_password(f"the first line of the password command {name} is not text (UTF-8)", hint) from None
    if not password:
        raise _no_password(f"the password command {name} printed no password on its first line", hint)
    return password


def _instead_of(variable: str, service: str, user: str) -> str:
    """What the keyring has where the named variable is empty, as it is for a program that cron starts."""
    with suppress(NotDeliveredError):
        if user and (password := _from_keyring(service, user, "")):
            return password
    raise _no_password(
        f"the environment variable {visible(variable)} holds no password",
        "set it where followup runs; cron knows only what its table sets",
    )


def _from_keyring(service: str, user: str, section: str) -> str | None:
    try:
        import keyring
        from keyring.errors import NoKeyringError
    except ImportError:
        return None
    found: list[str | None] = []
    failed: list[Exception] = []

    def ask() -> None:
        try:
            found.append(keyring.get_password(service, user))
        except Exception as error:  # noqa: BLE001 - a keyring is a plug-in: no D-Bus, refused, dismissed, ...
            failed.append(error)

    # A locked keyring asks its owner, and waits for ever where nobody sits.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(KEYRING_PATIENCE)
    if found:
        return found[0] or None
    other_ways = f"followup config set {section}.password_command '...' or {section}.password_env NAME"
    if not failed:
        raise NotDeliveredError("the keyring did not answer; under cron it is often locked", hint=other_ways)
    if isinstance(failed[0], NoKeyringError):
        raise _no_password("there is no keyring to ask for the password; under cron there often is none", other_ways)
    raise _no_password("the keyring did not give the password; under cron it is often locked", other_ways)


def _no_password(sentence: str, hint: str) -> NotDeliveredError:
    return NotDeliveredError(sentence, hint=hint, exit_code=EXIT_REFUSED)
