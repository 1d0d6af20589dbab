"""Reads what we write for hledger, and nothing else: whatever it does not know is wrong."""

import re

HEAD = re.compile(r"\d{4}-\d{2}-\d{2} \* [\w .:/|-]+")
LINE = re.compile(r"    ([\w:-]+)  IDR (-?\d+)(?: = IDR (-?\d+))?(?:  ; about:[0-9a-f-]{36})?")


class Wrong(Exception):
    """The file does not add up."""


def read_hledger(text: str) -> dict[str, int]:
    """What each account holds in the end. Raises Wrong."""
    head, *entries = text.rstrip("\n").split("\n\n")
    first, *accounts = head.split("\n")
    if first != "commodity IDR 1000.":
        raise Wrong(first)
    held = {line.removeprefix("account "): 0 for line in accounts}
    for entry in entries:
        _read(entry, held)
    return held


def _read(entry: str, held: dict[str, int]) -> None:
    head, *lines = entry.split("\n")
    if not HEAD.fullmatch(head):
        raise Wrong(head)
    total = 0
    for line in lines:
        found = LINE.fullmatch(line)
        if found is None or found[1] not in held:
            raise Wrong(line)
        held[found[1]] += int(found[2])
        total += int(found[2])
        if found[3] is not None and held[found[1]] != int(found[3]):
            raise Wrong(line)
    if total:
        raise Wrong(entry)
