"""What becomes of animals: born, sold, inherited, moved, stolen, dead, retagged."""
