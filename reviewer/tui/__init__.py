"""The terminal screen: paste, pick the channel, see findings arrive, read the decision."""
