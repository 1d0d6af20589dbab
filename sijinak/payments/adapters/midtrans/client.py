"""Asking Midtrans: HTTP Basic with the server key, and the code in the body is what counts."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sijinak.payments.adapters.base import NoAnswer, NotSent, Tools, Unknown
from sijinak.payments.adapters.midtrans.settings import MidtransSettings
from sijinak.payments.adapters.reading import Unreadable, is_safe_id, parsed, text_at

_PATIENCE = {"408", "425", "429"}
_CODE = re.compile(r"[24]\d\d", flags=re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    code: str
    fields: Mapping[str, Any]

    @property
    def is_good(self) -> bool:
        return self.code in {"200", "201"}


class MidtransClient:
    def __init__(self, tools: Tools, settings: MidtransSettings) -> None:
        self._tools, self._url = tools, settings.url.rstrip("/")
        login = b64encode(f"{settings.server_key}:".encode()).decode()
        self._head = {
            "Authorization": f"Basic {login}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

    def charge(self, fields: Mapping[str, Any]) -> Said:
        return self._ask("POST", "/v2/charge", fields)

    def about(self, ref: str) -> Said:
        return self._ask("GET", f"/v2/{_safe(ref)}/status")

    def tell(self, ref: str, action: str, fields: Mapping[str, Any] | None = None) -> Said:
        """``action`` is cancel, expire or refund."""
        return self._ask("POST", f"/v2/{_safe(ref)}/{action}", fields)

    def settlements(self, day: str) -> Said:
        return self._ask("GET", f"/v2/settlements?day={day}")

    def _ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> Said:
        """Raises Unknown when nobody knows whether they did it."""
        body = b"" if fields is None else json.dumps(fields).encode()
        try:
            answer = self._tools.http.send(method, self._url + path, self._head, body)
        except (NotSent, NoAnswer) as error:
            self._tools.log.warning("%s: %s %s", path, type(error).__name__, error)
            raise Unknown(f"{path}: {type(error).__name__}") from None
        try:
            said = parsed(answer.body)
            code = text_at(said, "status_code") or str(answer.status)
        except Unreadable as error:
            raise Unknown(f"{path}: {answer.status}, {error}") from None
        clear = _CODE.fullmatch(code) is not None and code not in _PATIENCE
        if not clear or answer.status >= 500:  # noqa: PLR2004
            raise Unknown(f"{path}: {answer.status}, {code}")
        return Said(code=code, fields=said)


def _safe(ref: str) -> str:
    """An id leads to its own address and to no other: ../charge is none."""
    if not is_safe_id(ref):
        raise Unknown(f"{ref!r} is no id that may stand in an address")
    return ref
