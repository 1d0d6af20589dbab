"""How many of the animals that were to be vaccinated were."""
