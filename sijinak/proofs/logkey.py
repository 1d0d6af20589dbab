"""The key and the name of this installation's log; loaded once, at start."""

from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sijinak.config import PREFIX, Misconfigured, Settings
from sijinak.core.crypto import derived
from sijinak.core.signednote import BadNote, Signer, check_vkey

_PURPOSE = "sijinak log"


class LogKey:
    """``origin`` is what the log calls itself; its key goes by the same name."""

    def __init__(self) -> None:
        self._signer: Signer | None = None
        self._old: tuple[str, ...] = ()

    def load(self, settings: Settings) -> None:
        """Raises Misconfigured."""
        origin = settings.log_origin or f"{urlsplit(settings.public_url).netloc}/log"
        key = Ed25519PrivateKey.from_private_bytes(derived(settings.log_key, _PURPOSE))
        self._old = tuple(one.strip() for one in settings.log_keys_old.split(",") if one.strip())
        try:
            self._signer = Signer(origin, key)
            for vkey in self._old:
                check_vkey(vkey)
        except BadNote as error:
            raise Misconfigured(f"{PREFIX}LOG_ORIGIN or _KEYS_OLD: {error}") from error

    @property
    def signer(self) -> Signer:
        if self._signer is None:
            raise RuntimeError("the key of the log was not loaded")
        return self._signer

    @property
    def origin(self) -> str:
        return self.signer.name

    @property
    def vkeys(self) -> tuple[str, ...]:
        """The key that signs now, and those that signed before."""
        return (self.signer.vkey, *self._old)

    def is_ours(self, vkey: str) -> bool:
        """Also under a name that the log had before: the public key is what counts."""
        return _public(vkey) in {_public(one) for one in self.vkeys}


def _public(vkey: str) -> str:
    return [*vkey.split("+", 2), "", ""][2]


logkey = LogKey()
