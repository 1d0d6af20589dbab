"""Which adapter signs PDFs, as the setting says."""

from sijinak.config import Misconfigured, Settings
from sijinak.permits.signing.adapters.base import PaperSigner
from sijinak.permits.signing.adapters.bsre import BsreAccount, BsreSigner
from sijinak.permits.signing.adapters.file import FileSigner
from sijinak.permits.signing.keys import NoSigningKey, signing_key
from sijinak.permits.signing.models import KeyUse

_made: dict[str, FileSigner] = {}  # by key id: pyHanko's objects are made once


def paper_signer(settings: Settings) -> PaperSigner:
    """Raises NoSigningKey, KeyFileMissing, Misconfigured."""
    match settings.paper_signer:
        case "file":
            return _file_signer()
        case "bsre":
            return BsreSigner(
                BsreAccount(
                    url=settings.bsre_url,
                    user=settings.bsre_user,
                    password=settings.bsre_password,
                    nik=settings.bsre_nik,
                    passphrase=settings.bsre_passphrase,
                )
            )
        case other:
            raise Misconfigured(f"SIJINAK_PAPER_SIGNER is file or bsre, not {other}")


def _file_signer() -> FileSigner:
    found = signing_key(KeyUse.PDF)
    if found.certificate is None:
        raise NoSigningKey(use=KeyUse.PDF)
    if found.kid not in _made:
        _made[found.kid] = FileSigner(found.key, found.certificate, found.kid)
    return _made[found.kid]
