"""Doses from the maker's box to the animal: cold stores, bags, and what became of the rest."""
