"""What looks wrong: checks as a table, and what people said to each finding."""
