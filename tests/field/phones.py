"""Phones for tests: they enrol and ask as the app does."""

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask, current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role, User
from sijinak.core.db import transaction
from sijinak.core.ids import uuid7
from sijinak.field.device_schemas import EnrolDeviceSchema
from sijinak.field.devices import enrol_device
from sijinak.field.models import Device
from tests.factories import LUNYUK, actor_for, make_user, signed_in

DOOR = "/api/v1/field"
RECOVERY = b64encode(bytes(range(32))).decode()


@dataclass
class Handset:
    """A phone in somebody's hand. ``browser`` is where its user signed in."""

    browser: FlaskClient
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    id: UUID = field(default_factory=uuid7)
    token: str = ""

    @property
    def header(self) -> dict[str, str]:
        return {"Authorization": f"Device {self.id}.{self.token}"}

    def wish(self, **changes: object) -> dict[str, Any]:
        """What the app sends to be enrolled."""
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        usual = {
            "id": str(self.id),
            "name": "Ponsel dinas 3",
            "platform": "Chrome 140, Android 13",
            "public_key": b64encode(spki).decode(),
            "recovery": RECOVERY,
            "app": "1",
        }
        return {**usual, **changes}

    def enrol(self, **changes: object) -> TestResponse:
        answer = self.browser.post(f"{DOOR}/devices", json=self.wish(**changes))
        if answer.status_code in {200, 201}:
            self.token = answer.json["token"]  # type: ignore[index]
        return answer

    def ask(self, path: str, **more: object) -> TestResponse:
        """Without any cookie, as the app's worker asks."""
        headers = {**self.header, **more.pop("headers", {})}  # type: ignore[dict-item]
        client = self.browser.application.test_client(use_cookies=False)
        return client.open(DOOR + path, headers=headers, **more)  # type: ignore[arg-type]

    def by_its_user(self, action: str) -> TestResponse:
        """Renew or recovery: asked with the cookie of the browser."""
        return self.browser.post(f"{DOOR}/devices/{self.id}/{action}", json={})


def officer(app: Flask, role: Role = Role.VET, region: str = LUNYUK) -> User:
    with app.app_context():
        return make_user(role, region)


def handset(app: Flask, user: User | None = None) -> Handset:
    """An enrolled phone of an officer of Lunyuk, or of this user."""
    phone = Handset(signed_in(app, user or officer(app)))
    assert phone.enrol().status_code == 201
    return phone


def make_device() -> Device:
    """A phone that a vet of Lunyuk enrolled, committed. Inside the app's context."""
    phone = Handset(current_app.test_client())
    wish = EnrolDeviceSchema().load(phone.wish())
    vet = actor_for(Role.VET, LUNYUK)
    with transaction():
        return enrol_device(wish, by=vet, days=90).device
