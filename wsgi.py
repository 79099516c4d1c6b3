"""What a WSGI server or the flask program starts: `wsgi:app`."""

from forum.app import create_app
from forum.config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    raise SystemExit(f"Crossroads does not start. {error}") from error
