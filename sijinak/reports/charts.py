"""Charts as geometry: columns of months, stacked or with a target, lines, and bars of names.

Pure: amounts and words in, a drawing out. Drawn 320 wide, the width of a phone, so that its words
can be read there; wider screens set two beside each other. The table beside it has every figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from sijinak.reports.shapes import Box, Drawing, Path, Rule, Words, width_of

WIDTH = 320.0
LEFT, RIGHT, TALL = 42.0, 6.0, 150.0  # of the frame, and the height between its lowest and highest
SIZE, FOOT, KEY = 11.0, 10.0, 18.0  # of letters, below the frame, and of a line of the key
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_TICKS = 5
ROW, BAR = 36.0, 12.0


@dataclass(frozen=True, slots=True)
class Unit:
    """How amounts are said along the side: in millions, say, with a comma."""

    size: int
    comma: str = ","

    def said(self, amount: float) -> str:
        text = f"{amount / self.size:.2f}".rstrip("0").rstrip(".")
        return ("0" if text == "-0" else text).replace(".", self.comma)


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Named:
    """A bar of its own; ``said`` stands beside its name."""

    name: str
    value: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """What every chart says of itself. ``name`` is good for an id."""

    name: str
    title: str
    about: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Scale:
    """From amounts to heights: what is between ``low`` and ``high`` is in the frame."""

    low: float
    high: float
    step: float
    top: float

    def y(self, value: float) -> float:
        return self.top + TALL * (self.high - value) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * n for n in range(count + 1)]


class Drawn(NamedTuple):
    """What stands in the frame, and above it to say what is what. ``top``: there it begins."""

    boxes: Sequence[Box]
    words: Sequence[Words]
    paths: Sequence[Path]
    top: float


def columns(
    about: Titled, groups: Sequence[str], series: Sequence[Series], target: Series | None = None
) -> Drawing:
    """Each group has its series one on the other; what is below nothing hangs below the line."""
    key = _key([one.name for one in series], target)
    stacks = [[one.values[place] for one in series] for place in range(len(groups))]
    ends = [sum(v for v in stack if v > 0) for stack in stacks]
    ends += [sum(v for v in stack if v < 0) for stack in stacks]
    scale = _scale([*ends, *(target.values if target else ())], key.top)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(groups))
    boxes = [
        box
        for place, stack in enumerate(stacks)
        for box in _stacked(stack, LEFT + step * place + step * 0.16, step * 0.68, scale)
    ]
    paths = [_through(target, step, scale, broken=True)] if target else []
    drawn = key._replace(boxes=[*key.boxes, *boxes], paths=[*key.paths, *paths])
    return _framed(about, groups, scale, drawn)


def lines(
    about: Titled, groups: Sequence[str], came: Series, target: Series | None = None
) -> Drawing:
    """What came so far, beside what was to come until then. It ends where nothing is known yet."""
    key = _key([], target, came)
    scale = _scale([*came.values, *(target.values if target else ())], key.top)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(groups))
    paths = [_through(target, step, scale, broken=True)] if target else []
    paths.append(_through(came, step, scale, broken=False))
    return _framed(about, groups, scale, key._replace(paths=[*key.paths, *paths]))


def bars(about: Titled, rows: Sequence[Named]) -> Drawing:
    """One below the other, each with its name and amount above it; below nothing: hatched."""
    most = max((abs(row.value) for row in rows), default=0) or 1
    boxes, words = [], []
    for place, row in enumerate(rows):
        y = ROW * place + SIZE + 2
        room = WIDTH - width_of(row.said, SIZE) - 8
        words.append(Words(0, y, fitting(row.name, room), SIZE))
        words.append(Words(WIDTH, y, row.said, SIZE, "end"))
        wide = (WIDTH - 2) * abs(row.value) / most
        if row.value:
            boxes.append(Box(1, y + 5, wide, BAR, int(row.value < 0), row.value))
    height = max(ROW, ROW * len(rows))
    return Drawing(about.name, about.title, about.about, WIDTH, height, boxes, words)


def running(values: Sequence[int]) -> list[int]:
    return list(accumulate(values))


def fitting(text: str, room: float, size: float = SIZE) -> str:
    """Cut where the place ends."""
    if width_of(text, size) <= room:
        return text
    kept = max(1, int(room / width_of("x", size)) - 1)
    return text[:kept].rstrip() + "…"


def _stacked(stack: Sequence[int], x: float, wide: float, scale: Scale) -> list[Box]:
    above = below = 0
    boxes = []
    for series, value in enumerate(stack):
        if value > 0:
            top, bottom = scale.y(above + value), scale.y(above)
            above += value
        elif value < 0:
            top, bottom = scale.y(below), scale.y(below + value)
            below += value
        else:
            continue
        boxes.append(Box(x, top, wide, bottom - top, series, value))
    return boxes


def _through(series: Series, step: float, scale: Scale, *, broken: bool) -> Path:
    points = tuple(
        (LEFT + step * (place + 0.5), scale.y(value)) for place, value in enumerate(series.values)
    )
    return Path(points, tuple(series.values), broken)


def _framed(about: Titled, groups: Sequence[str], scale: Scale, drawn: Drawn) -> Drawing:
    step = (WIDTH - LEFT - RIGHT) / max(1, len(groups))
    rules = [Rule(LEFT, scale.y(tick), WIDTH - RIGHT, scale.y(tick)) for tick in scale.ticks]
    words = [
        Words(LEFT - 4, scale.y(tick) + 4, about.unit.said(tick), SIZE, "end", soft=True)
        for tick in scale.ticks
    ]
    foot = scale.top + TALL + SIZE + 6
    words += [
        Words(
            LEFT + step * (place + 0.5), foot, fitting(name, step, FOOT), FOOT, "middle", soft=True
        )
        for place, name in enumerate(groups)
    ]
    return Drawing(
        name=about.name,
        title=about.title,
        about=about.about,
        width=WIDTH,
        height=foot + 6,
        boxes=drawn.boxes,
        words=[*words, *drawn.words],
        rules=rules,
        paths=drawn.paths,
    )


def _key(names: Sequence[str], target: Series | None, came: Series | None = None) -> Drawn:
    """What is what, above the frame, in as many lines as it takes."""
    boxes, words, paths = list[Box](), list[Words](), list[Path]()
    x, y = 1.0, 3.0
    marked = [(name, "box") for name in names] if len(names) > 1 or target else []
    marked += [(one.name, "line") for one in (came,) if one]
    marked += [(one.name, "target") for one in (target,) if one]
    for place, (name, kind) in enumerate(marked):
        text = fitting(name, WIDTH - 24)
        wide = 22 + width_of(text, SIZE)
        if x > 1 and x + wide > WIDTH:
            x, y = 1.0, y + KEY
        if kind == "box":
            boxes.append(Box(x, y, 12, 10, place))
        else:
            paths.append(Path(((x + 1, y + 5), (x + 13, y + 5)), (0, 0), kind == "target"))
        words.append(Words(x + 18, y + 9, text, SIZE))
        x += wide + 12
    return Drawn(boxes, words, paths, y + KEY + 4 if marked else 10.0)


def _scale(values: Sequence[int], top: float) -> Scale:
    """With round steps, never more than five of them."""
    high, low = max([0, *values]), min([0, *values])
    span = (high - low) or 1
    size = 10.0 ** (len(str(int(span))) - 1) / 10
    step = next(
        size * scale * one
        for scale in (1, 10, 100)
        for one in STEPS
        if _count(low, high, size * scale * one) <= MOST_TICKS
    )
    up, down = -(-high // step), -(low // step)
    up = up if up + down else 1
    return Scale(-down * step, up * step, step, top)


def _count(low: float, high: float, step: float) -> float:
    return -(-high // step) - (low // step)
