"""SKKT: the ownership letter, one sheet for one owner and up to thirty animals."""
