"""Signs through BSrE, the national certificate authority: its e-sign client service, version 2.

The service runs inside the office's network, holds the certificate, and takes the PDF with the
NIK and passphrase of who signs. Neither is ever written to a log.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sijinak.core.outbound import HttpAnswer, Limits, NoAnswer, NotSent, Outbound
from sijinak.permits.signing.adapters.base import SignerSilent, Wish

PATH = "/api/v2/sign/pdf"
LIMITS = Limits(connect=5, total=30, largest=20_000_000)
LONGEST_WORD = 200
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BsreAccount:
    url: str
    user: str
    password: str = field(repr=False)
    nik: str = field(repr=False)
    passphrase: str = field(repr=False)


class BsreSigner:
    name = "bsre"

    def __init__(self, account: BsreAccount) -> None:
        if urlsplit(account.url).scheme not in {"http", "https"}:
            raise ValueError("the address of the e-sign service begins with http:// or https://")
        self._account = account
        # The service stands in the office's own network, so its host is internal.
        self._way = Outbound([account.url], [urlsplit(account.url).hostname or ""], LIMITS)

    def sign(self, pdf: bytes, wish: Wish) -> bytes:
        """What comes back must begin with what was sent: a signature is added, nothing else."""
        said = self._ask(
            {
                "nik": self._account.nik,
                "passphrase": self._account.passphrase,
                "signatureProperties": [
                    {"tampilan": "INVISIBLE", "reason": wish.reason, "location": wish.place}
                ],
                "file": [b64encode(pdf).decode()],
            }
        )
        match said:
            case {"file": [str(first)]}:
                signed = _decoded(first)
            case _:
                raise SignerSilent(signer=self.name, said="no file")
        if not signed.startswith(pdf) or b"/ByteRange" not in signed[len(pdf) :]:
            raise SignerSilent(signer=self.name, said="another file")
        return signed

    def _ask(self, question: Mapping[str, object]) -> object:
        login = b64encode(f"{self._account.user}:{self._account.password}".encode()).decode()
        head = {"Content-Type": "application/json", "Authorization": f"Basic {login}"}
        try:
            answer = self._way.send(
                "POST",
                self._account.url.rstrip("/") + PATH,
                head,
                json.dumps(question).encode(),
            )
            if answer.status != OK:
                raise SignerSilent(signer=self.name, said=_why(answer))
            return json.loads(answer.body)
        except (NotSent, NoAnswer, ValueError) as error:
            raise SignerSilent(signer=self.name, said=type(error).__name__) from None


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise SignerSilent(signer="bsre", said="no base64") from None


def _why(answer: HttpAnswer) -> str:
    """The service's own words (wrong passphrase, certificate run out), cut short."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = {}
    words = said.get("error") if isinstance(said, dict) else None
    return f"{answer.status} {words or ''}"[:LONGEST_WORD].strip()
