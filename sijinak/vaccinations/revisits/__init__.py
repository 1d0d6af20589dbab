"""Which animals a supervisor looks at again, drawn so that anybody can draw them once more."""
