"""Regions of the land by their official codes, and the ports livestock leaves from."""
