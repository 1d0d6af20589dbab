"""What does not add up, and who decided what about it."""
