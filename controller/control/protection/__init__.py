"""Protection: causes that stop, what they do, and who may begin again."""
