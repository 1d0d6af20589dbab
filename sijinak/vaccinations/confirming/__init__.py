"""Owners say whether their animals were vaccinated; silence says nothing."""
