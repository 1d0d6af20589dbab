"""What of our money a line of the bank is: matched by what both name, never by guess."""
