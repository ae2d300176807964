"""How news, opinions and behaviour spread: measures over arrays, cascades, and fits to them."""
