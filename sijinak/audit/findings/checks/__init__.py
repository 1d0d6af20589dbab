"""The checks, by what they look at: each a question about many rows at once."""
