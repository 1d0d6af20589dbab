"""What the receiver says of what arrived, and permits that nobody closed."""
