"""Samples of animals, and what laboratories found in them."""
