"""In which ways an amount can be paid, and what each of them allows."""

from dataclasses import dataclass

from sijinak.core.money import rupiah_text
from sijinak.core.permissions import Actor
from sijinak.payments.adapters.base import rail_of
from sijinak.payments.adapters.registry import registry
from sijinak.payments.labels import channel_name
from sijinak.payments.models import Collection
from sijinak.payments.wallet.services import ADAPTER
from sijinak.retribution.purses import lies_in, purses_held
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import moneys_of
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _

NAMES = {
    "qris": N_("QRIS"),
    "va": N_("Virtual account"),
    "bank_transfer": N_("Virtual account"),
    "balance": N_("e-Money balance"),
    "transfer": N_("Bank transfer"),
}
HOW = {
    "qris": N_("With the app of any bank or wallet. The code lives 15 minutes."),
    "va": N_("A number for your bank's app, an ATM or an agent. It lives one day."),
    "bank_transfer": N_("A number for your bank's app, an ATM or an agent. It lives one day."),
    "balance": N_("At once, from your balance here."),
    "transfer": N_("To the office's account, with a code. It counts when the statement shows it."),
    "play": N_("This is play money: wait a few seconds and it counts as paid."),
}
AT_ONCE = N_("At most %(most)s at once.")
IN_IT = N_("There is %(most)s in it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """``value`` names adapter and way; ``most`` is the largest amount, None without a limit."""

    adapter: str
    way: str
    label: str
    most: int | None
    takes: bool

    @property
    def value(self) -> str:
        return f"{self.adapter}:{self.way}" if self.way else self.adapter

    @property
    def hint(self) -> str:
        how = _(HOW[self.way]) if self.way in HOW else ""
        if self.most is None:
            return how
        limit = IN_IT if self.adapter == ADAPTER else AT_ONCE
        return f"{how} {_(limit, most=rupiah_text(self.most))}".strip()


def ways_for(amount: int, *, by: Actor) -> list[Way]:
    """All that are offered, also those that do not take so much."""
    found = [(name, way) for name in registry.online() for way in registry.offered(name).ways]
    purses = purses_held(by=by)
    found = [one for one in found if one[0] != ADAPTER or purses]
    names = [NAMES.get(way) for _name, way in found]
    most = lies_in(purses[0]) if purses else 0
    return [
        _way(
            name,
            way,
            amount,
            most if name == ADAPTER else registry.offered(name).most(way),
            alone=names.count(NAMES.get(way)) == 1,
        )
        for name, way in found
    ]


def name_of(adapter: str, way: str) -> str:
    return _(NAMES[way]) if way in NAMES else channel_name(adapter)


def name_of_money(money: Collection) -> str:
    """By the rail on which it came, where its channel told that."""
    return name_of(money.adapter, rail_of(money.money_id) or money.channel.lower())


def name_of_receipt(receipt: Receipt) -> str:
    """The way on which its money came, when that was one."""
    names = {name_of_money(money) for _share, money in moneys_of(receipt)}
    return names.pop() if len(names) == 1 else channel_name(receipt.channel)


def _way(adapter: str, way: str, amount: int, most: int | None, *, alone: bool) -> Way:
    label = name_of(adapter, way)
    if way in NAMES and not alone:
        label = f"{label} ({channel_name(adapter)})"
    takes = most is None or amount <= most
    return Way(adapter=adapter, way=way, label=label, most=most, takes=takes)
