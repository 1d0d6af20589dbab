"""Attempts to pay, the money that came, and the adapters to those who move it."""
