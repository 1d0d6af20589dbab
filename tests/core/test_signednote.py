"""Notes, checkpoints and proofs: published ones are read, altered ones never."""

from base64 import b32encode, b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sijinak.core.codes import ALPHABET
from sijinak.core.merkle import EMPTY_ROOT
from sijinak.core.signednote import (
    BadNote,
    Signer,
    checkpoint_text,
    open_note,
    proof_text,
    read_checkpoint,
    read_proof,
    same_words,
    spelt_words,
    words_of,
)

# golang.org/x/mod/sumdb/note, the first implementation.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
    "gotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwn"
    "WLox33WWd1RvMc+QQ=\n"
)
NOTE = f"{TEXT}\n{BY_PETER}"
# A checkpoint of Go's checksum database.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_NOTE = (
    "go.sum database tree\n63096908\n8lHrQPRYe4KT4WQ9/Qk8/taKnD6IRHbFgfN7vQE2Y54=\n\n"
    "— sum.golang.org Az3gri/oVBN1jAhNZ/iS+W31psFAWRT20/GyrhpU6taFwulQGetBkH5S7wpGXdS935jiI"
    "GiUUAXBVHzT/P6fYhqAmAk=\n"
)
# The example of C2SP's tlog-checkpoint, whose key was never published.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
OURS = Signer("log.example/sijinak", Ed25519PrivateKey.from_private_bytes(b"7" * 32))


def test_published_notes_open():
    assert open_note(NOTE, [PETER]) == TEXT
    assert open_note(NOTE + BY_ENOCH, [PETER, ENOCH]) == TEXT
    assert open_note(NOTE + BY_ENOCH, [ENOCH]) == TEXT  # the other key is unknown
    checkpoint = read_checkpoint(open_note(SUMDB_NOTE, [SUMDB]))
    assert checkpoint[:2] == ("go.sum database tree", 63096908)
    assert read_checkpoint(EXAMPLE) == ("example.com/behind-the-sofa", 20852163, ROOT)


def test_signing_makes_the_published_note():
    key = Ed25519PrivateKey.from_private_bytes(b64decode(PETERS_SECRET)[1:])
    peter = Signer("PeterNeumann", key)
    assert peter.vkey == PETER
    assert peter.sign(TEXT) == NOTE


@pytest.mark.parametrize(
    "vkey",
    [
        PETER.replace("c74f20a3", "c74f20a4"),  # as in the tests of Go
        PETER.replace("c74f20a3", "C74F20A3"),
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # unknown algorithm
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3",
        "",
    ],
)
def test_a_key_that_is_not_what_it_says_is_refused(vkey: str):
    with pytest.raises(BadNote):
        open_note(NOTE, [vkey])


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        f"{TEXT}\n",
        NOTE.removesuffix("\n"),
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("—", "-"),
        NOTE.replace("—", "–"),
        NOTE.replace("— PeterNeumann ", "— PeterNeumann  "),
        NOTE.replace("— PeterNeumann", "—PeterNeumann"),
        NOTE.replace("then", "\tthen"),
        NOTE.replace("then", "\x00then"),
        NOTE.replace("then", "\ud800then"),
        NOTE.replace(BY_PETER, f" {BY_PETER}"),
        NOTE + "\n",
        NOTE + "a line more\n",
        NOTE + "— EnochRoot rwz+eA==\n",  # the key's id, and no signature
        NOTE + BY_ENOCH.replace("EnochRoot", "Enoch+Root"),
        NOTE + BY_ENOCH * 100,
        f"{TEXT}\n{BY_ENOCH}",  # nobody we know
        f"{TEXT}\n{BY_ENOCH.replace('EnochRoot', 'PeterNeumann')}",  # a known name, another key
        f"{TEXT}more\n\n{BY_PETER}",
        NOTE.replace("nAM=", "nAN="),  # other bits behind the last byte
        NOTE.replace("nAM=", "nAM"),
        NOTE.replace("nAM=", "nAM =").replace("nAM =", "nA\u200bM="),
        "x" * 200_000 + NOTE,
    ],
)
def test_what_is_not_written_as_a_note_is_refused(note: str):
    with pytest.raises(BadNote):
        open_note(note, [PETER])


def test_a_known_key_that_signed_something_else_spoils_the_note():
    wrong = BY_ENOCH.replace("rwz+eBzm", "rwz+eBzn")
    assert open_note(NOTE + wrong, [PETER]) == TEXT
    with pytest.raises(BadNote):
        open_note(NOTE + wrong, [PETER, ENOCH])


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_no_altered_note_opens(place: int, change: int):
    altered = bytearray(NOTE.encode())
    altered[place] ^= change
    with pytest.raises((BadNote, UnicodeDecodeError)):
        open_note(altered.decode(), [PETER])


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1).filter(lambda text: text.strip("\n")))
@example("a\n\n— b c")  # what looks like a signature is text, when a real one stands below
@example("\u2028")
def test_what_was_signed_is_what_opens(text: str):
    try:
        note = OURS.sign(f"{text}\n")
    except BadNote:
        assert any((c < " " and c != "\n") or "\ud800" <= c <= "\udfff" for c in text)
        return
    assert open_note(note, [OURS.vkey]) == f"{text}\n"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789abc+/=—\n\t ", max_size=120))
def test_garbage_is_refused_and_never_crashes(text: str):
    for read in (read_proof, lambda text: open_note(text, [PETER])):
        with pytest.raises(BadNote):
            read(text)


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE.replace("20852163", "020852163"),
        EXAMPLE.replace("20852163", "+20852163"),
        EXAMPLE.replace("20852163", "20852163 "),
        EXAMPLE.replace("20852163", "२०"),
        EXAMPLE.replace("20852163", "-1"),
        EXAMPLE.replace("20852163", "9" * 19),
        EXAMPLE.replace("20852163", "0"),  # an empty log has another root
        EXAMPLE.replace("example.com/behind-the-sofa", ""),
        EXAMPLE.replace("q2I=", "q2I"),
        EXAMPLE.replace("q2I=", "q2J="),
        EXAMPLE.replace("q2I=", ""),
        f"o\n1\n{b64encode(ROOT[:31]).decode()}\n",
        f"o\n1\n{b64encode(ROOT + b'0').decode()}\n",
        EXAMPLE.removesuffix("\n"),
        f"{EXAMPLE}\nmore\n",
        "o\n1\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str):
    with pytest.raises(BadNote):
        read_checkpoint(text)


def test_a_checkpoint_comes_back():
    text = checkpoint_text("log.example/sijinak", 7, ROOT)
    assert read_checkpoint(text) == ("log.example/sijinak", 7, ROOT)
    assert read_checkpoint(f"{text}an extension\n").size == 7
    assert read_checkpoint(checkpoint_text("o", 0, EMPTY_ROOT)).root == EMPTY_ROOT
    for origin, size, root in (("a\nb", 1, ROOT), ("", 1, ROOT), ("o", 0, ROOT), ("o", 1, b"")):
        with pytest.raises(BadNote):
            checkpoint_text(origin, size, root)


def test_a_proof_comes_back_and_a_wrong_one_does_not():
    note = OURS.sign(EXAMPLE)
    text = proof_text(5, [ROOT, EMPTY_ROOT], note, b"receipts|1|{}")
    proof = read_proof(text)
    assert (proof.index, proof.path, proof.note) == (5, (ROOT, EMPTY_ROOT), note)
    assert proof.leaf == b"receipts|1|{}"
    bare = text.replace("extra cmVjZWlwdHN8MXx7fQ==\n", "")
    assert bare != text
    assert read_proof(bare).leaf is None
    for old, new in (
        ("@v1", "@v2"),
        ("index 5", "index 05"),
        ("index 5", "index -5"),
        ("index 5\n", ""),
        ("extra cmV", "extra  cmV"),
        ("fQ==", "fQ="),
        ("fQ==\n", "fQ==\nextra AA==\n"),
        ("q2I=\n", "q2I=\nAAAA\n"),
        ("\n\nexample", "\nexample"),
    ):
        assert old in text
        with pytest.raises(BadNote):
            open_note(read_proof(text.replace(old, new, 1)).note, [OURS.vkey])


def test_words_are_160_bits_of_the_root_and_bear_how_people_type():
    assert words_of(bytes(32)) == "-".join(["0000"] * 8)
    assert words_of(b"\xff" * 32) == "-".join(["ZZZZ"] * 8)
    words = words_of(ROOT)
    crockford = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)
    assert words.replace("-", "") == b32encode(ROOT[:20]).decode().translate(crockford)
    assert same_words(words.lower().replace("-", " "), ROOT)
    assert same_words(words.replace("0", "o").replace("1", "l"), ROOT)
    assert not same_words(words[:-1], ROOT)
    assert not same_words(words.replace("Y", "Z"), ROOT)
    assert not same_words("", ROOT)
    assert spelt_words("1b2h gtm") == "1B2H-GTM"
