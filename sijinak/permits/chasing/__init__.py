"""Permits whose animals left and never arrived: the limits, reminders, and asking for more time."""
