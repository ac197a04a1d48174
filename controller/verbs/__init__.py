"""THE VERBS of `hearth`: each loads only its own room."""
