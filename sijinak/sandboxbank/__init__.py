"""A bank to try against: its own process, its own books, its own reading of the published wire."""
