"""Bans on moving animals, by area, species and disease, from one day to another."""
