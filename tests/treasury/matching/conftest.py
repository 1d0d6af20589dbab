"""A channel that some tests of the statements bring their money through."""

from tests.payments.desk import bank, door

__all__ = ["bank", "door"]
