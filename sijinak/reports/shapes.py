"""What charts are drawn with: boxes, words and lines, and how they become SVG.

Colours stand in attributes that a page's own rules outdo, fills also in patterns: the same picture
is read in black and white. No style and no script, so the strictest policy lets it be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

INK, SOFT, RULE = "#1b1f1d", "#55605a", "#c9d0cc"
# Of one letter, as part of its size: wide enough for any usual typeface.
LETTER = 0.58
# Each series: its colour, and the path of its pattern on a square of 6; the first is solid.
SERIES = (
    ("#0063a8", ""),
    ("#b45309", "M-1 1l2-2M0 6l6-6M5 7l2-2"),
    ("#1f6a2a", "M0 1.5h6M0 4.5h6"),
    ("#7c3aed", "M1.5 0v6M4.5 0v6"),
    ("#474d55", "M0 0l6 6M6 0l-6 6"),
)


@dataclass(frozen=True, slots=True)
class Box:
    """``value`` is what its length stands for; ``series`` says how it is filled."""

    x: float
    y: float
    width: float
    height: float
    series: int = 0
    value: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """``y`` is the line that they stand on; ``anchor`` is start, middle or end."""

    x: float
    y: float
    text: str
    size: float = 11
    anchor: str = "start"
    soft: bool = False

    @property
    def width(self) -> float:
        return width_of(self.text, self.size)

    @property
    def left(self) -> float:
        return self.x - self.width * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the frame."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, with a mark on each; a broken one is a target."""

    points: tuple[tuple[float, float], ...]
    values: tuple[int, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """``about`` says in a sentence or two what there is to see."""

    name: str
    title: str
    about: str
    width: float
    height: float
    boxes: Sequence[Box] = ()
    words: Sequence[Words] = ()
    rules: Sequence[Rule] = ()
    paths: Sequence[Path] = ()


def width_of(text: str, size: float) -> float:
    return len(text) * size * LETTER


def svg(drawing: Drawing) -> str:
    """``name`` makes its ids differ from those of other drawings on the page."""
    name = drawing.name
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img"'
        f' viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
        f' aria-labelledby="{name}-t {name}-d" font-family="Public Sans, sans-serif">'
    )
    return "".join(
        (
            opening,
            f'<title id="{name}-t">{escape(drawing.title)}</title>',
            f'<desc id="{name}-d">{escape(drawing.about)}</desc>',
            f"<defs>{''.join(_pattern(name, n) for n in sorted(_used(drawing)))}</defs>",
            *map(_rule, drawing.rules),
            *(_box(box, name) for box in drawing.boxes),
            *map(_path, drawing.paths),
            *map(_words, drawing.words),
            "</svg>",
        )
    )


def _used(drawing: Drawing) -> set[int]:
    return {
        box.series % len(SERIES) for box in drawing.boxes if SERIES[box.series % len(SERIES)][1]
    }


def _pattern(name: str, series: int) -> str:
    colour, path = SERIES[series]
    return (
        f'<pattern id="{name}-p{series}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect class="chart-paper" width="6" height="6" fill="#fff"/>'
        f'<path class="chart-hatch{series}" d="{path}" fill="none" stroke="{colour}"'
        f' stroke-width="1.6"/></pattern>'
    )


def _box(box: Box, name: str) -> str:
    series = box.series % len(SERIES)
    colour, pattern = SERIES[series]
    fill = f"url(#{name}-p{series})" if pattern else colour
    kind = f"chart-edge{series}" if pattern else f"chart-fill{series}"
    return (
        f'<rect class="{kind}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}"'
        f' height="{_n(box.height)}" fill="{fill}" stroke="{colour}" stroke-width="1"/>'
    )


def _words(words: Words) -> str:
    kind = "chart-soft" if words.soft else "chart-text"
    anchor = "" if words.anchor == "start" else f' text-anchor="{words.anchor}"'
    size = _n(words.size)
    return (
        f'<text class="{kind}" x="{_n(words.x)}" y="{_n(words.y)}" font-size="{size}"'
        f'{anchor} fill="{SOFT if words.soft else INK}">{escape(words.text)}</text>'
    )


def _rule(rule: Rule) -> str:
    return (
        f'<line class="chart-rule" x1="{_n(rule.x1)}" y1="{_n(rule.y1)}" x2="{_n(rule.x2)}"'
        f' y2="{_n(rule.y2)}" stroke="{RULE}" stroke-width="1"/>'
    )


def _path(path: Path) -> str:
    """The marks of a target are hollow squares, of what came full circles."""
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in path.points)
    dashes = ' stroke-dasharray="5 3"' if path.broken else ""
    line = (
        f'<polyline class="chart-line" points="{points}" fill="none" stroke="{INK}"'
        f' stroke-width="1.5"{dashes}/>'
    )
    return line + "".join(_mark(x, y, hollow=path.broken) for x, y in path.points)


def _mark(x: float, y: float, *, hollow: bool) -> str:
    if hollow:
        return (
            f'<rect class="chart-mark" x="{_n(x - 2.5)}" y="{_n(y - 2.5)}" width="5" height="5"'
            f' fill="#fff" stroke="{INK}" stroke-width="1.2"/>'
        )
    return f'<circle class="chart-dot" cx="{_n(x)}" cy="{_n(y)}" r="2.5" fill="{INK}"/>'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
