"""Loss of power: what a writer did to a folder is recorded, and every state that the disk may be left in is opened."""
