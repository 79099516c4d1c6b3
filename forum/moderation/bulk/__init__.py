"""Acting on many texts: they are found and frozen first, and then acted on a part at a time."""
