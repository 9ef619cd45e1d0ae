"""Recall of the match stage by kind and length at stated false-alarm rates, and how its weights are fitted."""
