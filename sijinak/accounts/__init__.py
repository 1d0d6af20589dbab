"""People who sign in, and the dated appointments that say what they may do and where."""
