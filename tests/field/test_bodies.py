"""Two readers of a vaccination, one contract: what one refuses, the other refuses as well."""

import json
from typing import Any
from uuid import UUID, uuid4

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from sijinak.field.bodies import Envelope, VaccinationBody
from sijinak.field.wire import bodies, vaccinations
from tests.field.outbox import Outbox

GOOD = Outbox(uuid4(), uuid4()).dose("7K3M9QX45J", uuid4())
RIGHT_BODY = {
    "id": str(uuid4()), "device": str(uuid4()), "seq": 1, "kind": "vaccination", "v": 1,
    "author": str(uuid4()), "at": "2026-11-22T08:03:11.123+08:00", "pos": [-8.9, 117, None],
    "data": {},
}  # fmt: skip
WEIRD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=70), st.uuids().map(str), st.uuids().map(lambda one: one.hex),
    st.lists(st.integers(-200, 200) | st.none() | st.text(max_size=2), max_size=4),
    st.sampled_from([
        "", " ", "\0", "a\0", "scan", "Scan", "typed", "52.04.02.2001", "52.04.02.2001\n",
        "५2.04.02.2001", "x" * 40, "x" * 41, "x" * 64, "x" * 65, "y" * 500, "y" * 501, [], {},
        "2026-11-22T08:03:11Z", "2026-11-22T08:03:11", "2026-11-22", "2026-02-30T00:00:00Z",
        "2026-11-22T08:03:11.1234567+08:00", "2026-11-22 08:03:11+08:00", 1.0, 2**53, 2**53 + 1,
        [-8.9, 117, 5], [-91, 0, 0], [0, 181, 0], [0, 0, -1], [0, 0], [0, 0, 0, 0], [True, 0, 0],
        "{" + str(uuid4()) + "}", "urn:uuid:" + str(uuid4()), str(uuid4()).upper(),
        "2026-11-22T08:03:11+0800", "2026-11-22t08:03:11z", "2026-11-22T24:00:00Z",
        "2026-11-22T08:03:60Z", "0000-01-01T00:00:00Z",
    ]),
)  # fmt: skip


def _changed(of: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """One or two fields otherwise, missing, or too many."""
    changes = st.dictionaries(st.sampled_from([*of, "extra"]), WEIRD, max_size=2)
    gone = st.sets(st.sampled_from(list(of)), max_size=1)
    return st.builds(
        lambda new, less: {k: v for k, v in {**of, **new}.items() if k not in less}, changes, gone
    )


def _fast(decoder: Any, data: Any) -> bool:
    try:
        decoder.decode(json.dumps(data))
    except (msgspec.MsgspecError, ValueError):
        return False
    return True


def _contract(schema: Any, data: Any) -> bool:
    try:
        schema.load(msgspec.json.decode(json.dumps(data)))
    except ValidationError:
        return False
    return True


@settings(max_examples=120, deadline=None, derandomize=True)
@example(GOOD)
@given(_changed({**GOOD, "note": "Kandang"}))
def test_both_read_the_same_vaccinations(data: dict[str, Any]):
    assert _fast(vaccinations, data) == _contract(VaccinationBody(), data), data


@settings(max_examples=150, deadline=None, derandomize=True)
@example(RIGHT_BODY)
@given(_changed(RIGHT_BODY))
def test_both_read_the_same_envelopes(body: dict[str, Any]):
    assert _fast(bodies, body) == _contract(Envelope(), body), body


def test_both_say_the_same():
    fast = msgspec.structs.asdict(vaccinations.decode(json.dumps(GOOD)))
    assert fast == VaccinationBody().load(GOOD)
    assert isinstance(fast["round"], UUID)
