"""A health letter that was signed before the payment names nothing that was taken off since."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.health.diseases import Disease
from sijinak.health.lab.commands import CorrectResult, RecordResults, ResultLine
from sijinak.health.lab.models import Finding, Method
from sijinak.health.lab.queries import samples_of_permit
from sijinak.health.lab.services import correct_result, record_results
from sijinak.permits.commands import RecordInspection, SampleNamed
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.services import NotCertified
from sijinak.permits.signing.models import PaperType
from sijinak.permits.signing.queries import paper_of, status_of, statuses_in
from sijinak.permits.signing.statuslist import PaperStatus
from tests.permits.checkpoint.papers import make_keys
from tests.permits.factories import Office, deliver, inspection, make_office, make_permit, take

pytestmark = pytest.mark.usefixtures("context", "letter_first")


@pytest.fixture
def letter_first() -> Iterator[None]:
    policy.skkh_before_payment = True
    yield
    policy.skkh_before_payment = False


def with_a_tube(permit: Permit) -> RecordInspection:
    """Of its first animal."""
    tube = SampleNamed(number="T-1", disease=Disease.BRUCELLOSIS, method=Method.RBT)
    said = inspection(permit)
    first = replace(said.animals[0], samples=(tube,))
    return replace(said, animals=(first, *said.animals[1:]), awaits_lab=True)


def certified(office: Office) -> tuple[Permit, UUID]:
    """With a clear result, whose id comes along."""
    permit = make_permit(office, PermitState.ACCEPTED)
    with transaction():
        record_inspection(with_a_tube(permit), by=office.vet)
    (sample,) = samples_of_permit(permit.id)
    clear = ResultLine(sample_id=sample.id, finding=Finding.NEGATIVE)
    report = RecordResults(lines=(clear,), tested_on=today(), lab="BVet", report_number="L-1")
    with transaction():
        (result,) = record_results(report, by=OPERATOR)
    deliver()
    take("certify", permit, office.doctor)
    deliver()
    return permit, result.id


def test_a_result_that_is_corrected_takes_the_letter_back():
    make_keys()
    office = make_office()
    permit, result_id = certified(office)
    letter = paper_of(permit.id, PaperType.HEALTH_LETTER)
    assert status_of(letter, permit) is PaperStatus.VALID
    wrong = CorrectResult(
        result_id=result_id, finding=Finding.POSITIVE, tested_on=today(), report_number="L-2",
        note="Tertukar",
    )  # fmt: skip
    with transaction():
        correct_result(wrong, by=OPERATOR)
    deliver()
    db.session.refresh(permit)
    assert [line.passed for line in permit.animals].count(False) == 1
    assert (permit.skkh_number, permit.certified_at) == (None, None)
    assert status_of(letter, permit) is PaperStatus.REVOKED
    assert statuses_in(letter.status_list)[letter.status_index] is PaperStatus.REVOKED
    with pytest.raises(NotCertified):
        take("bill", permit, office.desk)
    take("certify", permit, office.doctor)
    assert take("bill", permit, office.desk).state is PermitState.BILLED
