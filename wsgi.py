"""What a WSGI server or the flask program starts: `wsgi:app`."""

from flask.cli import load_dotenv
from flask.helpers import get_load_dotenv

from forum.app import create_app
from forum.config import ConfigurationError

if get_load_dotenv():
    load_dotenv()  # the flask program has not yet when all it is asked for is --help

try:
    app = create_app()
except ConfigurationError as error:
    raise SystemExit(f"Crossroads does not start. {error}") from error
