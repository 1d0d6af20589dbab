"""Every sentence about an error, by the error's code. Features add theirs at start."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from sijinak.web.formats import day
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

UNKNOWN = N_("Something went wrong (%(code)s).")

MESSAGES: dict[str, str] = {
    "clash": N_("Somebody else changed this at the same moment. Look at it again and repeat."),
    "said-otherwise": N_(
        "This form was sent before with other content. The first one was kept; open the form anew."
    ),
    "forbidden": N_("Your account may not do this."),
    "not-found": N_("This does not exist, or not in your working area."),
    "wrong-state": N_("This step cannot be taken now: the state has changed. Reload the page."),
    "not-a-tag-code": N_("This is not a tag code. It has 10 characters, such as 7K3M-9QX4-5J."),
    "not-an-amount": N_("This is not an amount in rupiah. Write it like 79.500."),
    "unavailable": N_(
        "The system cannot store anything now, and it is not certain whether your last step was"
        " saved. Wait a minute and send the same form again: it will count only once."
    ),
    "http-400": N_("The browser sent something that cannot be understood."),
    "http-401": N_("Please sign in first."),
    "http-403": N_("Your account may not do this."),
    "http-404": N_("This page does not exist."),
    "http-405": N_("This page cannot be used in this way."),
    "http-413": N_("The file is too large. Split it into smaller files and send them one by one."),
    "http-415": N_("This door takes JSON only."),
    "http-429": N_("Too many tries. Wait a little and try again."),
    "http-500": N_("There is a fault in the system. It was written down; nothing was saved."),
    "csrf": N_(
        "You signed out or in again since this form was opened, so nothing was saved. Make sure"
        " that you are signed in, go back with your browser, reload if it asks, and send it again."
    ),
    "invalid-input": N_("Some fields are not right yet."),
    "export-no-room": N_(
        "The disk of the server is full, so the sheet could not be written. Take the list as CSV,"
        " or tell the administrator."
    ),
    "export-broken": N_("The database did not answer to the end. Take the list again."),
    "exports-many": N_("Others are taking long lists just now. Try again in some minutes."),
}


# What stands above the sentence, by the error's code or the status of the answer.
HEADINGS: dict[int | str, str] = {
    "csrf": N_("This form is no longer valid"),
    400: N_("This cannot be understood"),
    401: N_("Please sign in"),
    403: N_("This is not open to you"),
    404: N_("This is not here"),
    405: N_("This is not done here"),
    409: N_("Something changed meanwhile"),
    413: N_("The file is too large"),
    422: N_("Something is not right yet"),
    429: N_("Too many tries"),
    503: N_("Not possible at the moment"),
}
FAULT = N_("A fault in the system")


def heading_for(code: str, status: int) -> str:
    return _(HEADINGS.get(code) or HEADINGS.get(status, FAULT))


def message_for(code: str, facts: Mapping[str, object] | None = None) -> str:
    """The sentence in the language of this answer."""
    spelt = {name: _spelt(value) for name, value in (facts or {}).items()}
    return _(MESSAGES.get(code, UNKNOWN), code=code, **spelt)


def _spelt(fact: object) -> object:
    if isinstance(fact, StrEnum):
        return label(fact).lower()
    if isinstance(fact, list):
        return ", ".join(label(one) if isinstance(one, StrEnum) else str(one) for one in fact)
    return day(fact) if isinstance(fact, date) else fact
