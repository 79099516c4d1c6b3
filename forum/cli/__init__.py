"""Commands of the flask program for the owner."""
