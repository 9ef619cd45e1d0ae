"""Local pre-send review of drafts against secrecy rules and an index of classified snippets."""

__version__ = "0.1.0"
