"""A passkey in Chromium, with a device that is made of software: made, let in, signed with."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, CDPSession, Page, expect
from sqlalchemy import select

from sijinak.accounts.models import ProofKind, Role, SigningProof, User
from sijinak.config import Settings
from sijinak.core.db import db
from sijinak.permits.models import PermitState
from tests.browser.looks import faults
from tests.browser.sites import OFFICE, PHONE
from tests.factories import PASSWORD, make_user
from tests.permits.factories import make_office, make_permit, take

pytestmark = pytest.mark.slow

Opens = Callable[[dict[str, int]], BrowserContext]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Browsers give passkeys to names, not to addresses of numbers."""
    port = urlsplit(settings.public_url).port
    return replace(settings, public_url=f"http://localhost:{port}")


def put_device(page: Page, **options: object) -> tuple[CDPSession, str]:
    """A device that has checked who holds it."""
    usual = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**usual, **options}})
    return session, made["authenticatorId"]


def sign_in(page: Page, user: User) -> None:
    page.goto("/masuk")
    page.fill('[name="username"]', user.username)
    page.fill('[name="password"]', PASSWORD)
    page.click("form.signin button")


def make_key(page: Page, name: str) -> None:
    page.goto("/akun/kunci-sandi")
    page.fill('[name="name"]', name)
    page.fill('[name="password"]', PASSWORD)
    page.click("[data-passkey] button")


@pytest.mark.parametrize("size", [PHONE, OFFICE])
def test_a_passkey_is_made_and_lets_in(site: Flask, open_browser: Opens, size: dict[str, int]):
    with site.app_context():
        user = make_user(Role.KADIS)
    page = open_browser(size).new_page()
    put_device(page)
    sign_in(page, user)
    make_key(page, "Ponsel dinas")
    expect(page.locator("ol .code")).to_have_count(10)
    page.goto("/akun/kunci-sandi")
    expect(page.locator("table")).to_contain_text("Ponsel dinas")
    assert not faults(page)
    page.goto("/akun")
    page.locator("main form[action$=keluar] button").click()
    sign_in(page, user)
    page.wait_for_url("**/masuk/kode")
    assert not faults(page)
    page.click("[data-passkey] button")
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    expect(page.locator("h1")).to_contain_text(user.name)


def test_a_device_that_does_not_check_who_holds_it_is_told_no(site: Flask, open_browser: Opens):
    with site.app_context():
        user = make_user(Role.KADIS)
    page = open_browser(PHONE).new_page()
    session, device = put_device(page)
    sign_in(page, user)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    make_key(page, "Bukan saya")
    expect(page.locator("[data-passkey-says]")).not_to_be_empty()
    page.goto("/akun/kunci-sandi")
    expect(page.locator("table")).to_have_count(0)


def test_a_passkey_signs_a_decision(site: Flask, open_browser: Opens):
    with site.app_context():
        office = make_office()
        permit = make_permit(office, PermitState.PAID)
        take("certify", permit, office.doctor)
        head = db.session.get_one(User, office.kadis.id)
    page = open_browser(PHONE).new_page()
    put_device(page)
    sign_in(page, head)
    make_key(page, "Ponsel")
    expect(page.locator("ol .code")).to_have_count(10)
    page.goto(f"/izin/{permit.id}")
    page.check('[name="decision"][value="yes"]')
    page.click("[data-passkey] button")
    expect(page.locator("[data-passkey-answer]")).not_to_have_value("")
    assert not faults(page)
    page.click("form[action$=putusan] button:not([type=button])")
    expect(page.locator("main")).to_contain_text(office.kadis.name)
    with site.app_context():
        proof = db.session.scalars(
            select(SigningProof).where(SigningProof.user_id == head.id)
        ).one()
    assert proof.kind is ProofKind.PASSKEY
