"""Permits to take livestock out: rules, applications, inspection, decision, issue."""
