"""The rights of people over their data: who looked, a copy, correction, erasure."""
