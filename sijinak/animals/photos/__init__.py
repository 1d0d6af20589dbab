"""Photos of animals."""
