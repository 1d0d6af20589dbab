"""Vaccination acts, and the products they are done with."""
