"""How far a verification came, kept in a file: one that was interrupted goes on, not anew."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from sijinak.audit.verifying.faults import Code, Fault, Faults
from sijinak.audit.verifying.tree import Growing
from sijinak.core.merkle import Frontier, root_at
from sijinak.core.tlog import node_at

FORMAT = 2
LEFT = ("last_bad", "good", "good_outside")


@dataclass(slots=True)
class Progress:
    """``table`` is being compared, up to the row ``after``; none: the tree is not done.

    ``finished``: everything was looked at.
    """

    growing: Growing = field(default_factory=Growing)
    faults: Faults = field(default_factory=Faults)
    table: str = ""
    after: UUID | None = None
    rows: int = 0
    finished: bool = False

    def onwards(self) -> Self:
        """The tree need not be grown again; everything else is looked at from the start."""
        return type(self)(Growing(self.growing.frontier, self.growing.latest))

    def stands(self) -> bool:
        """Whether what is kept of the tree is still what the log has: else all begins anew."""
        frontier = self.growing.frontier
        try:
            return root_at(frontier.size, node_at) == frontier.root()
        except LookupError:
            return False

    def keep(self, path: Path) -> None:
        """All of it or nothing, whenever the power fails."""
        growing = self.growing
        kept = {
            "format": FORMAT, "size": growing.frontier.size,
            "hashes": [one.hex() for one in growing.frontier.hashes], "latest": growing.latest,
            "last_bad": growing.last_bad, "good": growing.good,
            "good_outside": growing.good_outside, "table": self.table,
            "after": self.after and str(self.after), "rows": self.rows,
            "finished": self.finished, "counts": self.faults.counts,
            "examples": [fault.told() for fault in self.faults.examples.values()],
            "faults": [fault.told() for fault in self.faults.in_order()],
        }  # fmt: skip
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(kept), encoding="utf-8")
        beside.replace(path)

    @classmethod
    def kept(cls, path: Path) -> Self | None:
        """None when there is none, or none that we can read."""
        try:
            return cls._read(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @classmethod
    def _read(cls, told: dict[str, Any]) -> Self:
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        frontier = Frontier(told["size"], [bytes.fromhex(one) for one in told["hashes"]])
        growing = Growing(frontier, told["latest"], *(told[name] for name in LEFT))
        counts = Counter({Code(code): number for code, number in told["counts"].items()})
        examples = [Fault.read(one) for one in told["examples"]]
        faults = Faults(
            [Fault.read(one) for one in told["faults"]], counts,
            {one.code: one for one in examples},
        )  # fmt: skip
        after = told["after"] and UUID(told["after"])
        return cls(growing, faults, told["table"], after, told["rows"], told["finished"])
