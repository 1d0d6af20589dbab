"""Signs with a key of the office from a file: pyHanko, PAdES B-B, ECDSA on P-256."""

from io import BytesIO

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from sijinak.permits.signing.adapters.base import Wish

FIELD = "TTE"
LONGEST_SIGNATURE = 72  # bytes of an ECDSA signature on P-256 as DER
# Room for the CMS object: measuring it would sign everything twice.
RESERVED = 8192
# Outside the page: a widget there needs no appearance (PDF/A) and no tag (PDF/UA).
_INVISIBLE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


class _KeySigner(Signer):
    """pyHanko's own reads its key anew for each signature."""

    def __init__(self, key: EllipticCurvePrivateKey, certificate: Certificate) -> None:
        self._key = key
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register(certificate)
        super().__init__(
            signing_cert=certificate,
            cert_registry=store,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )

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
