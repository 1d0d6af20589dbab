"""What a wrong letter on a tag costs: nothing, because it is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijinak.core.codes import (
    ALPHABET,
    NotATagCode,
    check_character,
    new_tag_code,
    parse_tag_code,
    spaced,
    tag_code_of,
)

CODES = st.integers(0, 32**8 - 1).map(tag_code_of)


def refused(text: str) -> bool:
    try:
        parse_tag_code(text)
    except NotATagCode:
        return True
    return False


@given(CODES)
def test_every_single_wrong_letter_is_found(code: str):
    for place in range(len(code)):
        for letter in ALPHABET.replace(code[place], ""):
            assert refused(code[:place] + letter + code[place + 1 :])


@given(CODES)
def test_every_swap_of_neighbours_and_over_one_letter_is_found(code: str):
    for gap in (1, 2):
        for place in range(len(code) - gap):
            swapped = list(code)
            swapped[place], swapped[place + gap] = swapped[place + gap], swapped[place]
            assert "".join(swapped) == code or refused("".join(swapped))


@given(CODES, st.integers(0, 9))
def test_a_lost_or_doubled_letter_is_found(code: str, place: int):
    assert refused(code[:place] + code[place + 1 :])
    assert refused(code[:place] + code[place] + code[place:])


def test_people_write_codes_in_many_ways():
    code = tag_code_of(1)
    assert code.startswith("00000001")
    for typed in (code.lower(), spaced(code), f" {spaced(code).lower()} ", code.replace("0", "O")):
        assert parse_tag_code(typed) == code
    assert parse_tag_code(code.replace("1", "l", 1)) == code


@pytest.mark.parametrize("text", ["", "ABC", "7K3M-9QX4", "U" * 10, "0123456789AB", "é" * 10])
def test_what_is_no_code_is_refused(text: str):
    with pytest.raises(NotATagCode):
        parse_tag_code(text)


def test_a_hundred_thousand_new_codes_do_not_meet():
    codes = {new_tag_code() for _ in range(100_000)}
    # 40 random bits: one pair among 100,000 is expected once in 200 runs, two pairs never.
    assert len(codes) >= 99_999
    assert all(not refused(code) for code in list(codes)[:200])


def test_the_letters_of_new_codes_are_spread_evenly():
    """Chi-square over 80,000 letters, 31 degrees of freedom: above 70 once in 10,000 runs."""
    counts = dict.fromkeys(ALPHABET, 0)
    for _ in range(10_000):
        for letter in new_tag_code()[:8]:
            counts[letter] += 1
    assert sum((n - 2500) ** 2 / 2500 for n in counts.values()) < 90


def test_the_check_character_of_a_number_is_iso_7064():
    """The worked example of ISO 7064 for MOD 37,36: A12425GABC1234002 has the character M."""
    assert check_character("A12425GABC1234002") == "M"
