"""Looking at what is written before it is published."""
