"""What a visit brings beside doses: refused, absent, not caught, counted heads, reactions."""
