"""What is checked at a port before livestock leaves, and what came of it."""
