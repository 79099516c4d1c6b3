"""The shapes of the JSON that goes in and out."""
