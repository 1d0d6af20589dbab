"""Who goes aboard: what died or was stolen since the letter does not, whatever the letter names."""

import pytest

from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.mutations.commands import RecordMutation
from sijinak.animals.mutations.models import MutationKind
from sijinak.animals.mutations.services import record_mutation
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.permits.commands import DepartPermit
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.quota.models import ClaimState
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.travelling import TooManyHeads, depart_permit
from tests.permits.factories import Office, file_papers, make_draft, make_herd, make_office, walk

pytestmark = pytest.mark.usefixtures("context")


def leave(permit: Permit, office: Office, heads: int) -> Permit:
    command = DepartPermit(permit_id=permit.id, happened_at=now(), port=permit.port, heads=heads)
    with transaction():
        file_papers(permit)
        return depart_permit(command, by=office.post)


@pytest.mark.parametrize("fate", [MutationKind.DEATH, MutationKind.THEFT])
def test_what_is_no_longer_here_does_not_go_aboard(fate: MutationKind):
    office = make_office()
    permit = walk(make_draft(office, make_herd(office.firm, 3)), office, PermitState.ISSUED)
    lost = permit.animals[0].animal_id
    told = {"cause": "sakit", "disposal": "dikubur", "police_no": "LP/1/2026"}
    with transaction():
        record_mutation(
            RecordMutation(kind=fate, animal_ids=(lost,), happened_on=today(), details=told),
            by=OPERATOR,
        )
    with pytest.raises(TooManyHeads):
        leave(permit, office, 3)
    leave(permit, office, 2)
    assert {line.animal_id for line in permit.animals if not line.departed} == {lost}
    assert db.session.get_one(Animal, lost).state is not AnimalState.SHIPPED
    claim = claim_of(permit.id)
    assert claim
    assert (claim.state, claim.heads) == (ClaimState.CONSUMED, 2)
