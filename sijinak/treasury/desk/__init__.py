"""The treasurer's desk: what came today, who holds it, what is late, and the month's report."""
