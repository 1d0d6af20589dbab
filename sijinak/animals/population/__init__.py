"""How many animals there are, by village, species, sex and age class, and on what evidence."""
