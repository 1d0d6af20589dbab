"""Owners and firms that keep livestock."""
