"""Private keys as files, one for each, which nobody else may read; and certificates for them."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from sijinak.core.errors import Invalid, Unavailable
from sijinak.permits.signing.models import KeyUse

CERTIFICATE_YEARS = 5
DEMO = "CONTOH, bukan tanda tangan"


class KeyFileMissing(Unavailable):
    """The private key is not on this machine, or others can read it. Facts: ``kid``."""

    code = "key-file-missing"


class UnfitKey(Invalid):
    """Not a P-256 key, or the certificate is of another key."""

    code = "unfit-key"


def new_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def write_key(folder: Path, use: KeyUse, kid: str, key: EllipticCurvePrivateKey) -> Path:
    """For the owner alone, and never over a file that is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = path_of(folder, use, kid)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return path


def read_key(folder: Path, use: KeyUse, kid: str) -> EllipticCurvePrivateKey:
    """Raises KeyFileMissing."""
    path = path_of(folder, use, kid)
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileMissing(kid=kid)
        return key_in(path.read_bytes())
    except (OSError, UnfitKey):
        raise KeyFileMissing(kid=kid) from None


def key_in(pem: bytes) -> EllipticCurvePrivateKey:
    """Raises UnfitKey."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        raise UnfitKey from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise UnfitKey
    return key


def certificate_in(pem: bytes, key: EllipticCurvePrivateKey) -> bytes:
    """DER. Raises UnfitKey when it is of another key."""
    try:
        found = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise UnfitKey from None
    if found.public_key() != key.public_key():
        raise UnfitKey
    return found.public_bytes(Encoding.DER)


def self_signed(key: EllipticCurvePrivateKey, *, office: str, place: str, is_demo: bool) -> bytes:
    """DER. For a start: what others trust comes from an authority."""
    names = {
        NameOID.COUNTRY_NAME: "ID",
        NameOID.ORGANIZATION_NAME: place,
        NameOID.COMMON_NAME: f"{office} ({DEMO})" if is_demo else office,
    }
    subject = x509.Name([x509.NameAttribute(oid, text[:64]) for oid, text in names.items()])
    began = datetime.now(UTC) - timedelta(days=1)  # a verifier's clock may be slow
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=365 * CERTIFICATE_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return made.sign(key, SHA256()).public_bytes(Encoding.DER)


def path_of(folder: Path, use: KeyUse, kid: str) -> Path:
    return folder / f"{use}-{kid}.pem"
