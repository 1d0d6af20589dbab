"""State machines as tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from sijinak.core.errors import Conflict
from sijinak.core.permissions import Permission

State = TypeVar("State", bound=StrEnum)


class WrongState(Conflict):
    code = "wrong-state"


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    source: State
    action: str
    target: State
    needs: Permission


class Flow(Generic[State]):
    """Every legal step of a thing that moves through states; what is not listed is refused."""

    def __init__(self, *steps: Step[State]) -> None:
        self._steps = {(step.source, step.action): step for step in steps}
        if len(self._steps) != len(steps):
            raise ValueError("two steps with one source and action")

    def __iter__(self) -> Iterator[Step[State]]:
        return iter(self._steps.values())

    def step(self, state: State, action: str) -> Step[State]:
        """The step to take. Raises WrongState when the table has none."""
        try:
            return self._steps[state, action]
        except KeyError:
            raise WrongState(state=state, action=action) from None

    def steps_from(self, state: State) -> list[Step[State]]:
        return [step for step in self if step.source == state]

    def mermaid(self) -> str:
        lines = [f"    {s.source} --> {s.target}: {s.action}" for s in self]
        return "\n".join(["stateDiagram-v2", *lines])
