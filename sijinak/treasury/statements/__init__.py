"""Statements of the bank: read strictly, kept as they came, and continued without a gap."""
