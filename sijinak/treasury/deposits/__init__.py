"""Deposits (STS): which money went to which account of the office, and how late."""
