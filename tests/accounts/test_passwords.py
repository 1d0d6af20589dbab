import pytest

from sijinak.accounts.passwords import POLICIES, WeakPassword, hashed, matches, refuse_weak

GOOD = [
    "kuda-liar-di-padang",
    "Sapi bali makan rumput 7",
    "hujan turun di bulan mei",
    "panik di jalan raya",
    "xK9$vQ2mLp4z",
    "7$2k9!4#8Q1z",
    "V7hq-29dk-Lm3x",
    "Tukang-Kayu-Naik-Perahu-9",
    "correct horse battery staple",
]
BAD = {
    "short": ["", "xK9$vQ2mLp4", "sapi"],
    "long": ["kuda liar di padang " * 7],
    "common": [
        "Sumbawa2026!!",
        "password1234",
        "123456789012",
        "aaaaaaaaaaaa",
        "qwertyuiop12",
        "P@ssw0rd1234",
        "Pa55w0rd!2026",
        "Bismillah123!",
        "abcabcabcabc",
        "abcdefghijklmno",
        "ternaksumbawa1",
        "sijinak-sumbawa-2026",
        "adminadmin12",
        "111122223333",
        "1q2w3e4r5t6y",
        "Rahasia12345",
        "081234567890",
        "5204021234560001",
        "qwerty-sumbawa-qwerty",
        "            ",
    ],
    "name": ["haji.rustam-1", "Haji.Rustam-2026!"],
}


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_passes(password: str):
    refuse_weak(password, "haji.rustam", POLICIES["asvs"])


@pytest.mark.parametrize(("reason", "password"), [(r, p) for r, ps in BAD.items() for p in ps])
def test_a_weak_password_is_refused(reason: str, password: str):
    with pytest.raises(WeakPassword) as found:
        refuse_weak(password, "haji.rustam", POLICIES["asvs"])
    assert found.value.facts == {"reason": reason}


def test_a_short_user_name_inside_a_long_phrase_is_no_harm():
    refuse_weak("panik di jalan raya", "ani", POLICIES["asvs"])


@pytest.mark.parametrize(
    "password",
    ["kuda-liar-di-padang-7", "Kuda-liar-di-padang", "KUDA-LIAR-DI-7", "Kudaliardipadang7"],
)
def test_the_regency_may_ask_for_four_kinds(password: str):
    refuse_weak(password, "haji.rustam", POLICIES["asvs"])
    with pytest.raises(WeakPassword, match="kinds"):
        refuse_weak(password, "haji.rustam", POLICIES["spbe"])
    refuse_weak("Kuda-liar-di-padang-7", "haji.rustam", POLICIES["spbe"])


def test_a_password_is_kept_as_argon2id_with_owasp_figures():
    kept = hashed("kuda-liar-di-padang")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(kept, "kuda-liar-di-padang")
    assert not matches(kept, "kuda-liar-di-padang ")
    assert not matches("no hash at all", "kuda-liar-di-padang")
    assert kept != hashed("kuda-liar-di-padang")
