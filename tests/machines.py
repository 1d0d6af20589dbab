"""How state machines are run: in any order, always the same orders, without shrinking."""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

THOROUGH = "SIJINAK_THOROUGH" in os.environ  # .ci/run takes the time
SHARE = 3


def run(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """A third of the examples in a quick run. To shrink a road of commits would take minutes."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples if THOROUGH else examples // SHARE,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
