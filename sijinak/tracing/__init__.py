"""Where an animal, a holding or an area was in contact with others, forward and back in time."""
