"""A day in a village: one owner after another, and each one's animals by keyboard alone."""
