"""What every test of the payments may ask for."""

from tests.payments.desk import bank, door

__all__ = ["bank", "door"]
