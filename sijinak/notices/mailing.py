"""The port to whoever carries messages: a mail server, or a folder while there is none.

What a carrier says is a fact: it was taken, it was refused for good, it did not leave, or nobody
knows. It sees no database.
"""

import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

# The addresses of offices: ASCII, no quotes, no comments (a part of RFC 5321).
EMAIL = re.compile(
    r"(?=.{6,254}\Z)(?=.{1,64}@)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\Z",
    flags=re.ASCII,
)
PLAIN = SMTP.clone(cte_type="7bit")  # not every server takes more
PATIENCE = 15.0  # seconds for each answer of the server
PORTS = {"smtp": 587, "smtps": 465}
GOOD, MORE, REFUSED = range(200, 300), 354, range(500, 600)
_DOT = re.compile(rb"^\.", flags=re.MULTILINE)
_NAME = re.compile(r"[^A-Za-z0-9._-]")


class Refused(Exception):
    """The server will never take it: no such address, or no such sender."""


class NotSent(Exception):
    """It did not leave: try again later."""


class NoAnswer(Exception):
    """It may have arrived; no answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """``name`` is the same at each try, so that who gets it twice sees it once."""

    name: str
    to: str
    who: str
    subject: str
    body: str
    attachments: Mapping[str, str] = field(default_factory=dict)
    at: datetime


class Carrier(Protocol):
    @property
    def keeps(self) -> bool:
        """True of one that sends nothing."""
        ...

    def carry(self, letter: Letter) -> None:
        """Raises Refused, NotSent, NoAnswer."""
        ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder, for a house without a mail server."""

    folder: Path
    sender: str
    keeps: bool = True

    def carry(self, letter: Letter) -> None:
        content = _content(letter, self.sender)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place = self.folder / f"{_NAME.sub('-', letter.name)}.eml"
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
                f.write(content)
        except OSError as error:
            raise NotSent(type(error).__name__) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """smtps:// speaks TLS from the first word, smtp:// as soon as the server offers it.

    Only a host named as internal may be spoken to in the clear.
    """

    url: str = field(repr=False)  # with its password
    sender: str
    internal: frozenset[str] = frozenset()
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    patience: float = PATIENCE
    keeps: bool = False

    def carry(self, letter: Letter) -> None:
        content = _content(letter, self.sender)
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(_told(error)) from error
        try:
            self._agree(server, letter.to)
            _hand_over(server, content)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        context = self.tls or ssl.create_default_context()
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=self.patience, context=context)
        server = smtplib.SMTP(host, port, timeout=self.patience)
        try:
            _secure(server, context, may_be_clear=host in self.internal)
        except BaseException:
            server.close()
            raise
        return server

    def _agree(self, server: smtplib.SMTP, to: str) -> None:
        """Who writes to whom; nothing of the letter is said yet."""
        parts = urlsplit(self.url)
        try:
            server.ehlo_or_helo_if_needed()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            code, _ = server.mail(self.sender)
            if code not in GOOD:
                raise NotSent(f"MAIL {code}")
            code, _ = server.rcpt(to)
            if code in REFUSED:
                raise Refused(f"RCPT {code}")
            if code not in GOOD:
                raise NotSent(f"RCPT {code}")
            code, _ = server.docmd("DATA")
            if code != MORE:
                raise NotSent(f"DATA {code}")
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(_told(error)) from error


def _secure(server: smtplib.SMTP, context: ssl.SSLContext, *, may_be_clear: bool) -> None:
    server.ehlo_or_helo_if_needed()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    elif not may_be_clear:
        raise smtplib.SMTPNotSupportedError("no TLS")


def carrier_of(url: str, sender: str, folder: Path, internal: frozenset[str]) -> Carrier:
    """Raises ValueError for an address of no mail server."""
    if not url:
        return Outbox(folder, sender or "sijinak@localhost")
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("smtps://host or smtp://host")
    if not EMAIL.fullmatch(sender):
        raise ValueError("the sender is no address")
    return Smtp(url=url, sender=sender, internal=internal)


def written(letter: Letter, sender: str) -> EmailMessage:
    """As RFC 5322 has it. Raises ValueError when a head line would be two."""
    message = EmailMessage(policy=PLAIN)
    domain = sender.rpartition("@")[2] or "localhost"
    message["From"] = Address(display_name="SiJINAK", addr_spec=sender)
    message["To"] = Address(display_name=letter.who, addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.name}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday greetings in answer
    message.set_content(letter.body)
    for name, text in letter.attachments.items():
        # As bytes: a signed note whose lines end otherwise is no note any more.
        message.add_attachment(
            text.encode(),
            maintype="application",
            subtype="octet-stream",
            filename=_NAME.sub("-", name),
        )
    return message


def _content(letter: Letter, sender: str) -> bytes:
    try:
        return written(letter, sender).as_bytes()
    except ValueError as error:  # nobody could ever send it
        raise Refused("a head line that breaks") from error


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    """From the first word of the letter to the answer nobody knows whether it arrived."""
    try:
        server.send(_DOT.sub(b"..", content) + b".\r\n")
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise NoAnswer(_told(error)) from error
    if code in REFUSED:
        raise Refused(f"the letter {code}")
    if code not in GOOD:
        raise NotSent(f"the letter {code}")


def _told(error: Exception) -> str:
    """Without what the server said: it may name people."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
