"""`reviewer service`: one engine kept warm, lent to one command at a time.

The keeper listens on a Unix socket, but nothing of a draft or of the index passes through it: it lends the engine's own
pipes. A command connects, receives the descriptors of the pipes and closes the socket, all before it reads a draft, so
that it holds no socket when it is sealed. The end of the lease is the end of a third pipe, whatever ended the command.
Where that does not say first that nothing is left in the other two, the keeper ends the engine and reads nothing of it.
"""
