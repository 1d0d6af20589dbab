"""A channel that the tests of refunds bring their money through."""

from tests.payments.desk import bank, door

__all__ = ["bank", "door"]
