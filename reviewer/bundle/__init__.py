"""Packs, precedents, heads, index, models and wheels on removable media; see `docs/air-gapped.md`."""
