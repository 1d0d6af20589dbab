"""By whom messages go out; loaded once, at start."""

from dataclasses import dataclass
from pathlib import Path

from sijinak.config import LOOPBACK, PREFIX, Misconfigured, Settings
from sijinak.notices.mailing import Carrier, carrier_of


@dataclass(slots=True)
class Post:
    carrier: Carrier | None = None
    regency: str = ""  # who answers for all of it says who is written to

    def load(self, settings: Settings) -> None:
        """Raises Misconfigured."""
        self.regency = settings.regency
        named = {host.strip().lower() for host in settings.outbound_internal.split(",")}
        folder = Path(settings.data_dir) / "outbox"
        try:
            self.carrier = carrier_of(
                settings.notice_smtp_url, settings.notice_from, folder, frozenset(named | LOOPBACK)
            )
        except ValueError as error:
            raise Misconfigured(f"{PREFIX}NOTICE_SMTP_URL or _FROM: {error}") from error

    @property
    def sends(self) -> bool:
        """False while messages are only kept."""
        return self.carrier is not None and not self.carrier.keeps


post = Post()
