"""Money on its way back: who decides it, and who pays it out when its channel cannot."""
