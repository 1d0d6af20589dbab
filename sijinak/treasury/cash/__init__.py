"""Who holds cash and change: hand-overs, the daily closing, and the closing of the office's day."""
