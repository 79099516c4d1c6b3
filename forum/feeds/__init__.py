"""RSS, Atom and JSON feeds of new replies."""
