"""Charts are geometry: lengths are in proportion, nothing leaves the frame, no words collide."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sijinak.reports.charts import Named, Series, Titled, Unit, bars, columns, lines
from sijinak.reports.shapes import Box, Drawing, Words, svg

AMOUNTS = st.integers(-(10**9), 10**11)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
SLACK = 0.01


def titled() -> Titled:
    return Titled(name="x", title="Diterima", about="Sebulan", unit=Unit(1_000_000_000))


def check(drawing: Drawing) -> None:
    _everything_is_inside(drawing)
    _no_words_collide(drawing.words)
    _it_is_an_image_with_a_name(svg(drawing))


def _everything_is_inside(drawing: Drawing) -> None:
    for box in drawing.boxes:
        assert box.width >= 0
        assert box.height >= 0
        assert box.x >= 0
        assert box.x + box.width <= drawing.width + SLACK
        assert box.y >= 0
        assert box.y + box.height <= drawing.height + SLACK
    for words in drawing.words:
        assert words.left >= -SLACK, words
        assert words.left + words.width <= drawing.width + SLACK, words
        assert words.size <= words.y + SLACK
        assert words.y <= drawing.height
    for x, y in (point for path in drawing.paths for point in path.points):
        assert 0 <= x <= drawing.width
        assert -SLACK <= y <= drawing.height


def _no_words_collide(words: Sequence[Words]) -> None:
    for one, other in combinations(words, 2):
        apart = abs(one.y - other.y) >= max(one.size, other.size)
        beside = one.left + one.width <= other.left or other.left + other.width <= one.left
        assert apart or beside, (one, other)


def _it_is_an_image_with_a_name(text: str) -> None:
    root = ET.fromstring(text)  # noqa: S314 - ours
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    assert root.get("role") == "img"
    assert set(root.get("aria-labelledby", "").split()) <= ids
    assert all(one.get("style") is None for one in root.iter())
    assert not [one for one in root.iter() if one.tag.endswith(("script", "style", "a"))]
    used = {one.get("fill", "") for one in root.iter()}
    assert {fill[5:-1] for fill in used if fill.startswith("url(#")} <= ids


def _in_proportion(boxes: list[Box], length: str) -> None:
    most = max(boxes, key=lambda one: abs(one.value))
    for box in boxes:
        expected = getattr(most, length) * abs(box.value) / abs(most.value)
        assert abs(getattr(box, length) - expected) < SLACK


@given(
    st.lists(st.lists(AMOUNTS, min_size=12, max_size=12), min_size=1, max_size=5),
    st.one_of(st.none(), st.lists(st.integers(0, 10**11), min_size=12, max_size=12)),
    st.lists(NAMES, min_size=5, max_size=5),
)
def test_stacked_columns(
    series: list[list[int]], target: list[int] | None, names: list[str]
) -> None:
    shown = [Series(name, values) for name, values in zip(names, series, strict=False)]
    drawing = columns(titled(), MONTHS, shown, Series("Target", target) if target else None)
    check(drawing)
    drawn = [box for box in drawing.boxes if box.value]
    assert sorted(box.value for box in drawn) == sorted(v for one in series for v in one if v)
    if drawn:
        _in_proportion(drawn, "height")
    for one, other in combinations(drawn, 2):
        beside = one.x != other.x
        apart = one.y + one.height <= other.y + SLACK or other.y + other.height <= one.y + SLACK
        assert beside or apart


@given(st.lists(AMOUNTS, max_size=12), st.lists(st.integers(0, 10**11), min_size=12, max_size=12))
def test_a_line_beside_its_target(values: list[int], target: list[int]) -> None:
    drawing = lines(titled(), MONTHS, Series("Diterima", values), Series("Target", target))
    check(drawing)
    found = [path for path in drawing.paths if len(path.points) != 2 or any(path.values)]
    for path in found:
        for (_, y), value in zip(path.points, path.values, strict=True):
            for (_, other_y), other in zip(path.points, path.values, strict=True):
                assert (y < other_y) <= (value > other), "the more, the higher"


@given(st.lists(st.tuples(NAMES, AMOUNTS), max_size=12))
def test_bars_of_names(rows: list[tuple[str, int]]) -> None:
    named = [Named(name, value, f"{value:,}".replace(",", ".")) for name, value in rows]
    drawing = bars(titled(), named)
    check(drawing)
    if drawing.boxes:
        _in_proportion(list(drawing.boxes), "width")


def test_what_is_below_nothing_hangs_below_the_line() -> None:
    drawing = columns(titled(), ["Jan"], [Series("Tunai", [-50])])
    (box,) = drawing.boxes
    zero = next(rule for rule in drawing.rules if rule.y1 == box.y)
    assert zero.y1 == box.y


def test_series_differ_without_any_colour() -> None:
    shown = [Series(str(n), [1_000]) for n in range(5)]
    root = ET.fromstring(svg(columns(titled(), ["Jan"], shown)))  # noqa: S314 - ours
    paths = [one.get("d") for one in root.iter() if "pattern" not in one.tag and one.get("d")]
    assert len(set(paths)) == 4  # and the first one is solid
