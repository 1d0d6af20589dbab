"""A lost phone: whoever reads its storage byte by byte reads no name and no number of a person."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.browser.sites import Site
from tests.field.browser.conftest import NewPhone, SignIn
from tests.field.browser.handsets import Handset
from tests.field.browser.village import LOT, OFFICER, Village, fill_bag, settle
from tests.vaccinations.factories import product

OWNERS = 200
MINE = ("setelan", "settings")
CONTROL = "Qontrolword Terbaca"
NEW_OWNER, NEW_NIK, NEW_PHONE = "Xeroniaq Pertamiw", "5204021212909876", "081299887766"
WRITE_PLAINLY = """async (word) => {
    localStorage.setItem("control", word);
    const made = indexedDB.open("control", 1);
    made.onupgradeneeded = () => made.result.createObjectStore("words");
    await new Promise((done) => (made.onsuccess = done));
    const tx = made.result.transaction("words", "readwrite", { durability: "strict" });
    tx.objectStore("words").put({ name: word }, 1);
    await new Promise((done) => (tx.oncomplete = done));
}"""


def found_in(profile: Path, words: Iterable[str]) -> dict[str, str]:
    """The words that lie in clear in some file, whether its texts are of one or two bytes."""
    spelt = {word: (word.encode(), word.encode("utf-16-le")) for word in words}
    found = {}
    for path in profile.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            for word, (narrow, wide) in spelt.items():
                if narrow in content or wide in content:
                    found[word] = str(path.relative_to(profile))
    return found


@pytest.fixture
def packed(site: Site, new_phone: NewPhone, signed_in: SignIn) -> tuple[Handset, Village]:
    with site.app.app_context():
        village = settle(heads=OWNERS * 5)
        fill_bag(village)
    phone = new_phone().enrol(signed_in(village.vet)).take_pack(village.code)
    return phone, village


def use(phone: Handset, village: Village) -> set[str]:
    """Look at owners, record doses, write a new owner down, and read the records again. The
    answer is the titles of the pages, which browsers write into their history."""
    titles = set()
    phone.choose_work(village.product, LOT)
    for code in village.codes[:10]:
        assert phone.type_code(code) == "go"
    phone.go("daftar", "registration")
    phone.fill(code=village.blanks[0], village=village.code, species="cattle", sex="male")
    phone.fill(owner__name=NEW_OWNER, owner__nik=NEW_NIK, owner__phone=NEW_PHONE)
    phone.send("registration").at("home")
    for record in phone.records():
        titles.add(phone.go(f"rekaman/{record['id']}", "record").page.title())
    phone.go("hasil", "result").fill(whom="heads").page.locator("#f-owner").fill(
        village.names[7].split()[0]
    )
    return titles | {phone.go(*view).page.title() for view in (("beranda", "home"), MINE)}


@pytest.mark.slow
def test_nothing_personal_lies_on_the_phone_in_clear(packed: tuple[Handset, Village]):
    phone, village = packed
    token = phone.ask("device", "(await m.current()).token")
    phone.context.set_offline(True)
    titles = " ".join(use(phone, village))
    phone.page.evaluate(WRITE_PLAINLY, CONTROL)
    short = [f"{name.split()[0]} {name.split()[1][0]}." for name in village.names]
    personal = [*village.names, *short, *village.niks, NEW_OWNER, NEW_NIK, NEW_PHONE, token]
    assert not [word for word in (*personal, OFFICER) if word in titles]
    phone.kill()
    assert CONTROL in found_in(phone.profile, [CONTROL]), "what lies in clear is found"
    assert found_in(phone.profile, personal) == {}
    phone.back_again().until_sent(11)
    phone.turn_off()
    assert found_in(phone.profile, personal) == {}


@pytest.mark.slow
def test_a_product_is_not_secret_and_the_records_are(packed: tuple[Handset, Village], site: Site):
    """The codes of vaccinated animals and the lots do not lie there in clear either."""
    phone, village = packed
    phone.context.set_offline(True)
    phone.choose_work(village.product, "QZLOT77X")
    assert phone.type_code(village.codes[0]) == "go"
    phone.kill()
    with site.app.app_context():
        name = product().name
    assert found_in(phone.profile, [village.codes[0], name, OFFICER]) == {}
