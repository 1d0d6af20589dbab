"""What people call the members of our enumerations."""

from sijinak.core.permissions import Permission
from sijinak.web.labels import _NAMES

SOME = {Permission}  # those that can be delegated


def test_whoever_names_one_member_names_all():
    """Two enumerations that share a value lose one name when they are named in one call."""
    kinds = {kind for kind, _ in _NAMES} - SOME
    unnamed = [(kind.__name__, one) for kind in kinds for one in kind if (kind, one) not in _NAMES]
    assert kinds
    assert not unnamed
