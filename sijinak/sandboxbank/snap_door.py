"""Who may speak SNAP with the bank: stamps, signatures, tokens, and numbers used once a day."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify, request

from sijinak.core.clock import now
from sijinak.sandboxbank.house import CLOCKS_APART, House
from sijinak.sandboxbank.model import WIB
from sijinak.sandboxbank.signing import Signable, hmac_of, is_signed, same

TOKEN_SECONDS = 900
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)", flags=re.ASCII)
EXTERNAL_ID = re.compile(r"\d{1,36}", flags=re.ASCII)
NEEDED = ("X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "CHANNEL-ID")


class Refused(Exception):
    """``case`` is HTTP status and two digits, between which the service's number comes."""

    def __init__(self, case: str, message: str) -> None:
        super().__init__(message)
        self.case, self.message = case, message


@dataclass
class Guard:
    """Tokens that were given, and external ids that came today."""

    tokens: dict[str, datetime] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def given(self) -> str:
        token = secrets.token_urlsafe(32)
        self.tokens[token] = now() + timedelta(seconds=TOKEN_SECONDS)
        return token

    def knows(self, token: str) -> bool:
        return token in self.tokens and now() < self.tokens[token]

    def first_time(self, external_id: str) -> bool:
        key = (f"{now().astimezone(WIB):%Y%m%d}", external_id)
        is_new = key not in self.seen
        self.seen.add(key)
        return is_new


def give_token(house: House, guard: Guard) -> Response:
    stamp = _stamp()
    client = _header("X-CLIENT-KEY")
    text = f"{client}|{stamp}".encode()
    if client != house.names.client_id:
        raise Refused("40100", "Unauthorized. [Unknown Client]")
    if not is_signed(house.merchant_key, _header("X-SIGNATURE"), text):
        raise Refused("40100", "Unauthorized. [Signature]")
    if (request.get_json(silent=True) or {}).get("grantType") != "client_credentials":
        raise Refused("40002", "Invalid Mandatory Field grantType")
    token = {"accessToken": guard.given(), "tokenType": "Bearer", "expiresIn": str(TOKEN_SECONDS)}
    return said("73", token)


def admit(house: House, guard: Guard) -> None:
    """Raises Refused. The checks stand in the order in which banks make them."""
    for name in NEEDED:
        _header(name)
    stamp = _stamp()
    if EXTERNAL_ID.fullmatch(_header("X-EXTERNAL-ID")) is None:
        raise Refused("40001", "Invalid Field Format X-EXTERNAL-ID")
    if _header("X-PARTNER-ID") != house.names.partner_id:
        raise Refused("40100", "Unauthorized. [Unknown Partner]")
    asked = Signable(
        method=request.method,
        path=request.full_path.rstrip("?"),
        body=request.get_data(),
        stamp=stamp,
    )
    _check_signature(house, guard, asked)
    if not guard.first_time(_header("X-EXTERNAL-ID")):
        raise Refused("40900", "Conflict")


def _check_signature(house: House, guard: Guard, asked: Signable) -> None:
    """Symmetric when a token comes with it, else asymmetric."""
    signature = _header("X-SIGNATURE")
    bearer = request.headers.get("Authorization", "")
    if not bearer:
        good = is_signed(house.merchant_key, signature, asked.text())
    else:
        token = bearer.removeprefix("Bearer ")
        good = same(signature, hmac_of(house.names.client_secret, asked.text(token)))
        if good and not guard.knows(token):
            raise Refused("40101", "Invalid Token (B2B)")
    if not good:
        raise Refused("40100", "Unauthorized. [Signature]")


def said(service: str, facts: Mapping[str, Any]) -> Response:
    return jsonify(
        {"responseCode": f"200{service}00", "responseMessage": "Successful"} | dict(facts)
    )


def refusal(service: str, refused: Refused) -> Response:
    code = f"{refused.case[:3]}{service}{refused.case[3:]}"
    answer = jsonify({"responseCode": code, "responseMessage": refused.message})
    answer.status_code = int(refused.case[:3])
    return answer


def _header(name: str) -> str:
    value = request.headers.get(name, "")
    if not value:
        raise Refused("40002", f"Invalid Mandatory Field {name}")
    return value


def _stamp() -> str:
    stamp = _header("X-TIMESTAMP")
    if STAMP.fullmatch(stamp) is None:
        raise Refused("40001", "Invalid Field Format X-TIMESTAMP")
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError as error:
        raise Refused("40001", "Invalid Field Format X-TIMESTAMP") from error
    if abs((now() - moment).total_seconds()) > CLOCKS_APART:
        raise Refused("40100", "Unauthorized. [Timestamp]")
    return stamp
