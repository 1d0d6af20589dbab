"""e-Money: what a trader owes, why, how to pay it, and what became of the money."""
