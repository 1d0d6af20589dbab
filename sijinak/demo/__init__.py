"""Demo data that looks like Sumbawa."""
