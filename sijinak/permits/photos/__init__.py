"""What inspectors photograph: each animal from the side, its tag, and the vehicle."""
