"""Disease and movement: samples and their results, and bans on moving animals."""
