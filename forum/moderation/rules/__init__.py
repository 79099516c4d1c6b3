"""Watch rules: what moderators want to see, hold, refuse or mask in what is written."""
