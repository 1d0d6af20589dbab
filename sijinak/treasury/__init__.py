"""The treasurer's work: who holds cash, what was deposited, and what the bank says of it."""
