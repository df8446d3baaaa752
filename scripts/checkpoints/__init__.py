"""How small checkpoints are trained: what they learn, of which family, and by what course."""
