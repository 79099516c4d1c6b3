"""The application as a server loads it: `wsgi:app`."""

from forum.app import create_app

app = create_app()
