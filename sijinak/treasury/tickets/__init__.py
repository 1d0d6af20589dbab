"""Tickets (karcis): blocks with serials, whose hands they are in, and what became of each."""
