"""SiJINAK: livestock registration, vaccination, permits and retribution of a regency."""
