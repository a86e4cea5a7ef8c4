"""The digest: remind. It makes the digest readable and sends it; what is new and what went out is the action's."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from followup.cli.options import DryRun, Json
from followup.cli.session import Session
from followup.errors import EXIT_OK, EXIT_REFUSED, FollowupError, NotDeliveredError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from followup.actions.reminded import Digest, Outcome, Reminded, Target

SENDER_NAME = "followup"
MAIL_SECONDS = 25.0  # for all mails of one run: a server that is silent holds nobody up for half a minute
TEST_SUBJECT = "followup: a test message"
TEST_TEXT = """\
This is a test message of followup. You asked for it with `followup remind --test`.

Your daily digest reaches you here. Nothing about any customer is in this message, and nothing was noted as sent.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A digest made ready for one target: `text`, or a whole mail. `is_html` says what the text is."""

    title: str
    text: str
    is_html: bool = False
    as_bytes: bool = False  # UTF-8 whatever the stream is set to: a file format, not words
    mail: EmailMessage | None = None


def remind(
    context: typer.Context,
    via: Annotated[
        list[str] | None,
        typer.Option("--via", metavar="TARGET", help="stdout, email, desktop, or the URL of a service; repeatable."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, markdown, html, json or ics.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Send everything due, also what was sent already.")] = False,
    test: Annotated[bool, typer.Option("--test", help="Send a test message, no digest; note nothing.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """The digest of the day, once for each target; silent when there is nothing new. Made for cron."""
    from followup.actions.reminding import look_ahead, missing_settings, send_tests, targets_of
    from followup.actions.reminding import remind as remind_all

    session: Session = context.obj
    config = session.config
    targets = targets_of(via or config.remind.via, config)
    missing = missing_settings(targets, config)
    post = _Post(session, _check_format(format_), as_json, missing)
    if missing and not dry_run and all(target.way == "email" for target in targets):
        raise missing
    if test:
        return post.report(send_tests(targets, post.send_test, today=session.today), targets)
    with_uids = post.format == "ics"
    if dry_run:
        with session.open(dry_run=True) as opened:
            outcome = look_ahead(opened, targets, again=force, with_uids=with_uids)
        return post.show_ahead(outcome, targets)
    if as_json:  # the one object on standard output tells what became of all the others
        targets = tuple(sorted(targets, key=lambda target: target.way == "stdout"))
    with session.open() as opened:
        outcome = remind_all(opened, targets, compose=post.compose, send=post.send, again=force, with_uids=with_uids)
    code = post.report(outcome, targets)
    _run_hook(session, outcome)
    return code


def _check_format(text: str) -> str:
    from followup.files.config_file import FORMATS

    if text and text not in FORMATS:
        raise typer.BadParameter(f"{text!r} is no format: there are {', '.join(FORMATS)}", param_hint="--format")
    return text


def _run_hook(session: Session, outcome: Outcome) -> None:
    """Tell the user's own command what went out. Whatever it does, the digest is out and noted."""
    command = session.config.hooks.on_due
    if not (command and outcome.result.sent):
        return
    from followup.delivery.hooks import run_hook
    from followup.render import to_json

    said = run_hook(command, to_json(outcome.result), environment=os.environ)
    if said:
        _note(said)


def _note(sentence: str) -> None:
    from followup.core.visible import visible
    from followup.render.screen import put

    put(sys.stderr, f"Note: {visible(sentence)}\n")


@dataclass
class _Post:
    """Makes parcels and sends them. `wanted` is the format on the command line, '' for none."""

    session: Session
    wanted: str
    as_json: bool
    missing: FollowupError | None
    printed: bool = False  # the object that --json promises is on standard output
    closed: bool = False  # nobody reads standard output any more
    mail_seconds: float = field(default_factory=lambda: MAIL_SECONDS)  # what is left of them
    _passwords: list[str | None] = field(default_factory=list, repr=False)

    @cached_property
    def format(self) -> str:
        """The format that somebody chose, here or in the configuration; else text."""
        return self.wanted or self.session.config.remind.format

    @cached_property
    def is_chosen(self) -> bool:
        """True when somebody chose the format. A mail is text and HTML otherwise, and its reader's program chooses."""
        return bool(self.wanted) or "remind.format" in self.session.config.written

    # ------------------------------------------------------------------------------------------- making

    def compose(self, digest: Digest, target: Target, result: Reminded) -> Parcel:
        """The parcel for a target; `result` is what --json says when it arrives."""
        from followup.render.digest import digest_notification, digest_subject, digest_text

        title = digest_subject(digest)
        match target.way:
            case "stdout" if self.as_json:
                from followup.render import to_json

                return Parcel(title=title, text=to_json(result, encoding=sys.stdout.encoding or "utf-8"))
            case "desktop":
                return Parcel(title=title, text=digest_notification(digest))
            case "email":
                return self._mail_parcel(digest, target, title)
            case "url":
                if self.format == "text":  # a telephone breaks lines by itself
                    return Parcel(title=title, text=digest_text(digest, width=None))
        text = self._written(digest, target)
        return Parcel(
            title=title,
            text=text,
            is_html=self.format == "html",
            as_bytes=self.format in ("markdown", "html", "ics"),
        )

    def _written(self, digest: Digest, target: Target) -> str:
        """The digest in the chosen format."""
        match self.format:
            case "markdown":
                from followup.render.digest_markdown import digest_markdown

                return digest_markdown(digest)
            case "html":
                from followup.render.digest_html import digest_html

                return digest_html(digest)
            case "json":
                from followup.actions.reminding import result_for
                from followup.render import to_json

                return to_json(result_for(digest, target))
            case "ics":
                from followup.render.digest_ics import digest_ics

                zone = self.session.config.calendar.timezone
                return digest_ics(digest, zone=zone, changed_at=self.session.now)
        from followup.render.digest import WIDTH, digest_text

        screen = self.session.screen
        is_narrow = target.way == "stdout" and screen.kind == "terminal" and screen.width < WIDTH
        return digest_text(digest, width=screen.width if is_narrow else WIDTH)

    def _mail_parcel(self, digest: Digest, target: Target, title: str) -> Parcel:
        """Text, with HTML beside it unless another format was chosen; a calendar is attached to text."""
        if self.missing is not None:
            raise self.missing
        from followup.render.digest import digest_text

        text = digest_text(digest)
        html = calendar = None
        if self.format == "html" or not self.is_chosen:
            from followup.render.digest_html import digest_html

            html = digest_html(digest)
        elif self.format == "ics":
            calendar = self._written(digest, target)
        elif self.format != "text":
            text = self._written(digest, target)
        return Parcel(title=title, text=text, mail=self._mail(target, title, text, html=html, calendar=calendar))

    def _mail(
        self, target: Target, subject: str, text: str, *, html: str | None = None, calendar: str | None = None
    ) -> EmailMessage:
        from zoneinfo import ZoneInfo

        from followup.files.mail import compose_mail

        config, now = self.session.config, self.session.now
        zone = config.calendar.timezone
        return compose_mail(
            subject=subject,
            sender=config.smtp.sender or config.me.email,
            sender_name=SENDER_NAME,
            to=target.address,
            text=text,
            html=html,
            calendar=calendar,
            date=now.astimezone(ZoneInfo(zone)) if zone else now.astimezone(),
        )

    # ------------------------------------------------------------------------------------------ sending

    def send(self, target: Target, parcel: Parcel) -> None:
        """Hand a parcel over; what it raises says whether it can have arrived."""
        match target.way:
            case "stdout":
                self._print(parcel)
            case "email" if parcel.mail is not None:
                self._send_mail(parcel.mail)
            case _:
                from followup.delivery.services import DESKTOP, notify

                url = DESKTOP if target.way == "desktop" else target.address
                notify(url, title=parcel.title, body=parcel.text, html=parcel.is_html, environment=os.environ)

    def send_test(self, target: Target) -> None:
        """Send a message that is marked as a test."""
        if target.way == "stdout" and self.as_json:
            return
        mail = None
        if target.way == "email":
            if self.missing is not None:
                raise self.missing
            mail = self._mail(target, TEST_SUBJECT, TEST_TEXT)
        self.send(target, Parcel(title=TEST_SUBJECT, text=TEST_TEXT, mail=mail))

    def _send_mail(self, mail: EmailMessage) -> None:
        from followup.delivery.smtp import MailServer, send_mail

        smtp = self.session.config.smtp
        server = MailServer(host=smtp.host, port=smtp.port, security=smtp.security, user=smtp.user)
        password = self._password()
        if self.mail_seconds <= 0:
            raise NotDeliveredError("the mail server took too long over the mails before", hint="followup remind")
        began = monotonic()
        try:
            send_mail(mail, server, password=password, timeout=self.mail_seconds)
        finally:
            self.mail_seconds -= monotonic() - began

    def _password(self) -> str | None:
        """The password of the mail server, asked for once; None where nobody signs in."""
        smtp = self.session.config.smtp
        if not smtp.user:
            return None
        if not self._passwords:
            from followup.delivery.secrets import find_password

            self._passwords.append(
                find_password(
                    command=smtp.password_command,
                    variable=smtp.password_env,
                    environment=os.environ,
                    user=smtp.user,
                )
            )
        return self._passwords[0]

    def _print(self, parcel: Parcel) -> None:
        """Write to standard output, to the last byte: only what was written counts as sent."""
        from followup.cli.main import EXIT_BROKEN_PIPE, silence_stdout
        from followup.render.screen import put

        stream = sys.stdout
        try:
            if parcel.as_bytes:
                stream.flush()
                stream.buffer.write(parcel.text.encode("utf-8", "backslashreplace"))
            else:
                put(stream, parcel.text)
            stream.flush()
        except BrokenPipeError:
            silence_stdout()
            self.closed = True
            said = "nobody reads standard output any more"
            raise NotDeliveredError(said, exit_code=EXIT_BROKEN_PIPE) from None
        except OSError as error:
            silence_stdout()
            self.closed = True
            said = f"it could not be written: {error.strerror or error}"
            raise NotDeliveredError(said, hint="followup remind, where there is room") from None
        self.printed = self.as_json

    # ------------------------------------------------------------------------------------------ telling

    def report(self, outcome: Outcome, targets: tuple[Target, ...]) -> int:
        """Tell what became of it: failures and doubts beside the data, the rest only where a person looks."""
        from followup.render.reminded import doubt_sentences

        is_printed = any(target.way == "stdout" for target in targets)
        if self.as_json:
            if not (self.printed or self.closed):
                self.session.show(outcome.result, as_json=True)
        elif outcome.result.tested or (self.session.screen.kind == "terminal" and not is_printed):
            self.session.show(outcome.result)
        self._complain(outcome.errors)
        for sentence in doubt_sentences(outcome.result):
            _note(sentence)
        codes = {error.exit_code for _, error in outcome.errors}
        return codes.pop() if self.closed and len(codes) == 1 and not outcome.in_doubt else outcome.exit_code

    def show_ahead(self, outcome: Outcome, targets: tuple[Target, ...]) -> int:
        """Show what would go out, and beside it where it would go."""
        from followup.actions.reminded import Target
        from followup.render.reminded import doubt_sentences, reminded_lines
        from followup.render.screen import lines_text, put

        if self.as_json:
            self.session.show(outcome.result, as_json=True)
        elif outcome.digest is not None:
            stdout = Target(name="stdout", way="stdout")
            self._print(self.compose(outcome.digest, stdout, outcome.result))
        if not self.as_json:
            put(sys.stderr, lines_text(reminded_lines(outcome.result, self.session.screen)))
            if outcome.digest is None and self.session.screen.kind == "terminal":
                _note("nothing new is due: nothing would be sent")
            for sentence in doubt_sentences(outcome.result):
                _note(sentence)
        if self.missing is not None:
            self._complain([(next(target.name for target in targets if target.way == "email"), self.missing)])
            return EXIT_REFUSED
        return EXIT_OK

    def _complain(self, errors: tuple[tuple[str, FollowupError], ...] | list[tuple[str, FollowupError]]) -> None:
        from followup.cli.main import EXIT_BROKEN_PIPE
        from followup.render import render_error

        for name, error in errors:
            if error.exit_code != EXIT_BROKEN_PIPE:  # nobody wants to hear that they stopped reading
                told = FollowupError(f"{name}: {error.sentence}", hint=error.hint, problems=error.problems)
                render_error(told, sys.stderr)
