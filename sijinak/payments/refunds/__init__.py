"""Money that goes back: asked for by one person, approved by another, sent once."""
