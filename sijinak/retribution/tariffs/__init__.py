"""What the law asks for each head: dated, with its Perda and article."""
