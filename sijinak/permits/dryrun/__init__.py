"""What would happen to a list of animals, asked before anything is applied for. Writes nothing."""
