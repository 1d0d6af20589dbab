"""How far a verification came, kept in a file: one that was interrupted goes on, not anew.

Only what was right so far is kept: who found a fault begins anew.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from sijinak.audit.verifying.faults import Faults
from sijinak.audit.verifying.tree import Growing
from sijinak.core.merkle import Frontier, root_at
from sijinak.core.tlog import node_at

FORMAT = 3
OF_GROWING = ("latest", "good", "good_outside")


@dataclass(slots=True)
class Progress:
    """``table`` is being compared, up to the row ``after``; none: the tree is not done.

    ``began``: when the first run did. ``finished``: everything was looked at.
    """

    began: datetime
    growing: Growing = field(default_factory=Growing)
    faults: Faults = field(default_factory=Faults)
    table: str = ""
    after: UUID | None = None
    rows: int = 0
    finished: bool = False

    def onwards(self, began: datetime) -> Self:
        """The tree need not be grown again; everything else is looked at from the start."""
        return type(self)(began, self.growing)

    def stands(self) -> bool:
        """Whether what is kept of the tree is still what the log has: else all begins anew."""
        frontier = self.growing.frontier
        try:
            return root_at(frontier.size, node_at) == frontier.root()
        except LookupError:
            return False

    def keep(self, path: Path) -> None:
        """All of it or nothing, whenever the power fails."""
        if self.faults.count:
            path.unlink(missing_ok=True)
            return
        growing = self.growing
        kept = {
            "format": FORMAT, "began": self.began.isoformat(), "size": growing.frontier.size,
            "hashes": [one.hex() for one in growing.frontier.hashes],
            "table": self.table, "after": self.after and str(self.after), "rows": self.rows,
            "finished": self.finished, **{name: getattr(growing, name) for name in OF_GROWING},
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
        growing = Growing(frontier, **{name: told[name] for name in OF_GROWING})
        after = told["after"] and UUID(told["after"])
        return cls(
            datetime.fromisoformat(told["began"]), growing, table=told["table"], after=after,
            rows=told["rows"], finished=told["finished"],
        )  # fmt: skip
