"""What a rule asks of vaccinations and tests, as it lies in the rule's JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method

Needs = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestInstead:
    """A negative test that stands for a vaccination that is missing."""

    __test__: ClassVar[bool] = False  # pytest: this is no test

    methods: tuple[Method, ...]
    is_pooled: bool = False  # one animal of a pen may speak for it
    most_days: int  # from the sample to the day of leaving


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineNeed:
    """``least_days`` and ``most_days`` lie between the last dose and the day of leaving."""

    disease: Disease
    doses: int
    least_days: int | None = None
    most_days: int | None = None
    or_test: TestInstead | None = None

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        instead = told.get("or_test")
        return cls(
            disease=Disease(told["disease"]),
            doses=told["doses"],
            least_days=told.get("least_days"),
            most_days=told.get("most_days"),
            or_test=TestInstead(
                methods=tuple(Method(name) for name in instead["methods"]),
                is_pooled=instead["is_pooled"],
                most_days=instead["most_days"],
            )
            if instead
            else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestNeed:
    """A negative result, its sample not older than ``valid_days`` on the day of leaving.

    No methods: any will do. With ``breeds`` it is asked of these alone. No days: nobody has said.
    """

    __test__: ClassVar[bool] = False  # pytest: this is no test

    disease: Disease
    methods: tuple[Method, ...] = ()
    valid_days: int | None = None
    breeds: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        return cls(
            disease=Disease(told["disease"]),
            methods=tuple(Method(name) for name in told.get("methods", ())),
            valid_days=told.get("valid_days"),
            breeds=tuple(told.get("breeds", ())),
        )

    def is_for(self, breed: str) -> bool:
        return not self.breeds or any(name in breed.lower() for name in self.breeds)


def told(needs: Iterable[VaccineNeed | TestNeed]) -> Needs:
    """The needs as JSON."""
    return [_plain(asdict(need)) for need in needs]


def stricter(needs: Sequence[VaccineNeed]) -> VaccineNeed:
    """One need of several against the same disease: what satisfies all of them."""
    return VaccineNeed(
        disease=needs[0].disease,
        doses=max(need.doses for need in needs),
        least_days=max((n.least_days for n in needs if n.least_days is not None), default=None),
        most_days=min((n.most_days for n in needs if n.most_days is not None), default=None),
        or_test=_instead([need.or_test for need in needs]),
    )


def _instead(tests: Sequence[TestInstead | None]) -> TestInstead | None:
    """A test that each of them takes; none when one takes no test."""
    given = [test for test in tests if test is not None]
    if len(given) < len(tests):
        return None
    methods = tuple(m for m in given[0].methods if all(m in test.methods for test in given))
    if not methods:
        return None
    return TestInstead(
        methods=methods,
        is_pooled=all(test.is_pooled for test in given),
        most_days=min(test.most_days for test in given),
    )


def _plain(value: Any) -> Any:
    """Enums as their words, tuples as lists, and what is not stated left out."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items() if each not in (None, ())}
        case tuple():
            return [_plain(each) for each in value]
        case str():
            return str(value)
        case _:
            return value
