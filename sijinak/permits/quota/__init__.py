"""How many head may leave in a year: a ledger of decrees, claims and use."""
