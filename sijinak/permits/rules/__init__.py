"""The rules of the permit as dated data, each with its legal basis: versions, editor, preview."""
