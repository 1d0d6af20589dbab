"""Who takes part in a permit, each with a browser or a phone of their own."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from flask import Flask
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from sijinak.accounts.models import Role, User
from sijinak.core.db import db
from sijinak.permits.signing.jobs import sign_status_lists
from tests.browser.people import OpenBrowser, Person
from tests.browser.sites import OFFICE, PHONE
from tests.factories import LUNYUK, digits_of, make_user
from tests.field.browser.handsets import Handset, Ways
from tests.field.browser.signing import cookie_of
from tests.permits.checkpoint.papers import make_keys
from tests.permits.factories import make_herd, make_office

Phone = TypeVar("Phone", bound=Handset)
GOING = 4  # heads that may leave; one more has no vaccination


@dataclass(frozen=True)
class Staff:
    """User names. The deputy is another Kabid than the one who hears appeals."""

    trader: str
    desk: str
    inspector: str
    doctor: str
    kadis: str
    kabid: str
    deputy: str
    post: str
    auditor: str
    herd: list[str]  # tags
    unvaccinated: str  # a tag, too


def hire() -> Staff:
    """Committed, with the keys of the office. Inside the app's context, on a thread of its own."""
    make_keys()
    sign_status_lists()
    office = make_office()
    deputy = make_user(Role.KABID, name="Nurul Hidayah")
    return Staff(
        trader=office.trader.username,
        desk=office.desk.username,
        inspector=make_user(Role.VET, LUNYUK).username,
        doctor=office.doctor.username,
        kadis=office.kadis.username,
        kabid=office.kabid.username,
        deputy=deputy.username,
        post=office.post.username,
        auditor=make_user(Role.AUDITOR).username,
        herd=make_herd(office.firm, GOING),
        unvaccinated=make_herd(office.firm, 1, doses=0)[0],
    )


class Cast:
    """They come when they are asked for, and stay signed in."""

    def __init__(self, site: Flask, url: str, open_browser: OpenBrowser, folder: Path) -> None:
        self.site, self._url, self._folder = site, url, folder
        self._open = open_browser
        self._here: dict[str, Person] = {}
        self._phones: list[Handset] = []

    def on_phone(self, username: str = "") -> Person:
        return self._come(username, PHONE)

    def at_desk(self, username: str) -> Person:
        return self._come(username, OFFICE)

    def _come(self, username: str, screen: dict[str, int]) -> Person:
        if username not in self._here:
            self._here[username] = self._enter(username, screen)
        return self._here[username]

    def _enter(self, username: str, screen: dict[str, int]) -> Person:
        """Signed in already: the form for that has tests of its own."""
        context = self._open(screen)
        if username:
            name, value = cookie_of(self.site, username)
            context.add_cookies([{"name": name, "value": value, "url": self._url}])
        return Person(context)

    def digits(self, username: str) -> str:
        """What the telephone of somebody shows now."""
        with self.site.app_context():
            asked = select(User).where(User.username == username)
            return digits_of(db.session.scalars(asked).one())

    def find_in_the_trail(self, username: str, *names: str) -> None:
        """An auditor finds each of these events."""
        auditor = self.at_desk(username)
        for name in names:
            auditor.go(f"/jejak/?peristiwa={name}")
            expect(auditor.page.locator("main td .code").first).to_have_text(name)

    def turn_on(self, kind: type[Phone], playwright: Playwright, username: str) -> Phone:
        """A phone with its app on it, enrolled."""
        phone = kind(playwright, self._folder / username, self._url, Ways())
        self._phones.append(phone)
        return phone.turn_on().enrol(cookie_of(self.site, username))

    def leave(self) -> None:
        for phone in self._phones:
            phone.turn_off()

    def faults(self) -> list[str]:
        seen = [fault for person in self._here.values() for fault in person.faults]
        return seen + [said for phone in self._phones for said in phone.complaints]
