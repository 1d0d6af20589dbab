"""Receipts (TBP): no gap in their numbers, voids by a second person, money of each bill."""
