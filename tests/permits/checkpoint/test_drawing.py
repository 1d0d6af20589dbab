"""The draw is the same on the phone and here: the numbers stand in tests/js/papers.test.mjs too."""

import pytest

from sijinak.config import Misconfigured, Settings
from sijinak.permits.checkpoint.drawing import drawn, how_many, table_of


def test_the_numbers_of_a_seed():
    assert drawn("00112233445566778899aabbccddeeff", 40, 5) == [11, 13, 17, 21, 24]
    assert drawn("00112233445566778899aabbccddeeff", 3, 5) == [1, 2, 3]
    assert drawn("", 0, 0) == []


def test_each_position_is_drawn_about_as_often():
    seen = [0] * 20
    for n in range(2000):
        for position in drawn(f"{n:032x}", 20, 5):
            seen[position - 1] += 1
    assert min(seen) > 420
    assert max(seen) < 580


def test_how_many_are_drawn():
    table = table_of(Settings().checkpoint_draw)
    assert [how_many(table, heads) for heads in (1, 5, 6, 31, 101, 5000)] == [1, 5, 5, 8, 13, 13]


def test_a_setting_that_says_nothing_stops_the_start():
    with pytest.raises(Misconfigured, match="CHECKPOINT_DRAW"):
        Settings.from_env({"SIJINAK_CHECKPOINT_DRAW": "some"})
