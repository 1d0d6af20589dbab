"""What happened, for those who check it."""
