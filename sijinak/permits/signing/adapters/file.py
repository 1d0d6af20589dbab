"""Signs with a key of the office from a file: pyHanko, PAdES B-B, ECDSA on P-256."""

from collections.abc import Iterable
from io import BytesIO

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.tsp import SigningCertificateV2
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.attributes import (
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
)
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sijinak.permits.signing.adapters.base import Wish

FIELD = "TTE"
LONGEST_SIGNATURE = 72  # bytes of an ECDSA signature on P-256 as DER
# Room for the CMS object: measuring it would sign everything twice.
RESERVED = 8192
# Outside the page: a widget there needs no appearance (PDF/A) and no tag (PDF/UA).
_INVISIBLE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class _NamedCertificate(SigningCertificateV2Provider):
    """Which certificate signs, encoded once: asn1crypto does it anew, level by level, each time."""

    def __init__(self, certificate: Certificate) -> None:
        super().__init__(certificate)
        made = as_signing_certificate_v2(certificate)
        self._named = made.dump()

    async def build_attr_value(
        self,
        dry_run: bool = False,  # noqa: ARG002, FBT001, FBT002 - pyHanko's signature
    ) -> SigningCertificateV2:
        return SigningCertificateV2.load(self._named)


class _SaysWho(SignedAttributeProviderSpec):
    """What a PAdES signature of ours signs beside the file's digest."""

    def __init__(self, certificate: Certificate) -> None:
        self._named = _NamedCertificate(certificate)

    def signed_attr_providers(self, *_: object, **__: object) -> Iterable[CMSAttributeProvider]:
        return (self._named,)


class _KeySigner(Signer):
    """pyHanko's own reads its key anew for each signature."""

    def __init__(self, key: EllipticCurvePrivateKey, certificate: Certificate) -> None:
        self._key = key
        super().__init__(
            signing_cert=certificate,
            # Empty: pyHanko adds the signer's own, and one that lies here would go in twice.
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )
        self.signed_attr_prov_spec = _SaysWho(certificate)

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002 - ours is SHA-256
        dry_run: bool = False,  # noqa: FBT001, FBT002 - pyHanko's signature
    ) -> bytes:
        return bytes(LONGEST_SIGNATURE) if dry_run else self._key.sign(data, ECDSA(SHA256()))


class FileSigner:
    def __init__(self, key: EllipticCurvePrivateKey, certificate: bytes, kid: str) -> None:
        """``certificate`` in DER."""
        self.name = f"file:{kid}"
        self._signer = _KeySigner(key, Certificate.load(certificate))

    def sign(self, pdf: bytes, wish: Wish) -> bytes:
        meta = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=wish.reason,
            name=wish.signer,
            location=wish.place,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        spec = SigFieldSpec(
            FIELD,
            invis_sig_settings=_INVISIBLE,
            readable_field_name="Tanda tangan elektronik",
        )
        signer = PdfSigner(meta, signer=self._signer, new_field_spec=spec)
        signed: BytesIO = signer.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=RESERVED
        )
        return signed.getvalue()
