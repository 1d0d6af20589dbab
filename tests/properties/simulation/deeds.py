"""All that can be done, and how often each is tried."""

from tests.properties.simulation import applying, beasts, examining, leaving, money, office, road
from tests.properties.simulation.playing import Deed

DEEDS: dict[str, tuple[int, Deed]] = {
    "go on": (40, road.go_on),
    "turn aside": (24, road.turn_aside),
    "draft": (6, applying.draft),
    "save": (2, applying.save),
    "correct a result": (2, examining.correct),
    "notice": (2, money.notice),
    "sweep": (2, money.sweep),
    "take back": (2, money.take_back),
    "withdraw a bill": (1, money.withdraw_some),
    "raise the tariff": (1, money.raise_tariff),
    "pay late": (4, money.pay_some_late),
    "let it run out": (4, leaving.let_run_out),
    "decree": (5, office.decree),
    "queue up": (3, road.queue_up),
    "issue in spite": (4, road.issue_in_spite),
    "ban": (1, office.ban),
    "delegate": (2, office.delegate),
    "wait": (3, office.wait),
    "celebrate": (2, office.celebrate),
    "work": (2, office.work),
    "work again": (2, office.work_again),
    "send again": (3, office.send_again),
    "meet a fate": (3, beasts.meet_fate),
    "sell": (2, beasts.sell),
}
