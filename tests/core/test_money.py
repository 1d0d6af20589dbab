import pytest

from sijinak.core.money import NotAnAmount, in_words, parse_rupiah, rupiah_text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("100.000", 100_000),
        ("1.250.000,00", 1_250_000),
        ("Rp 1.250.000", 1_250_000),
        ("Rp1.250.000,-", 1_250_000),
        ("rp. 75000", 75_000),
        ("0", 0),
    ],
)
def test_amounts_as_indonesia_writes_them(text: str, amount: int):
    assert parse_rupiah(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-5",
        "1,250,000",
        "100.00",
        "1.2500",
        "12.34.567",
        "1e5",
        "75.000,50",
        "seratus",
        "\uff11\uff10\uff10",
    ],
)
def test_what_is_doubtful_is_refused(text: str):
    with pytest.raises(NotAnAmount):
        parse_rupiah(text)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol rupiah"),
        (11, "sebelas rupiah"),
        (15, "lima belas rupiah"),
        (21, "dua puluh satu rupiah"),
        (100, "seratus rupiah"),
        (111, "seratus sebelas rupiah"),
        (1000, "seribu rupiah"),
        (1001, "seribu satu rupiah"),
        (79_500, "tujuh puluh sembilan ribu lima ratus rupiah"),
        (1_000_000, "satu juta rupiah"),
        (2_300_000_017, "dua miliar tiga ratus juta tujuh belas rupiah"),
    ],
)
def test_an_amount_in_words(amount: int, words: str):
    assert in_words(amount) == words


def test_dots_stand_between_thousands():
    assert rupiah_text(1_994_820_500) == "Rp 1.994.820.500"
