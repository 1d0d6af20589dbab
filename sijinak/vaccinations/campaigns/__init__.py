"""Campaigns: which villages, with what, how many, by whom; and how far they have come."""
