"""How many head a port takes on a day, and who has a place."""
