"""Stock-take: what stands in a village, against what the register says."""
