"""What every test run needs: the fixtures' homes, and how thorough Hypothesis is."""

import os

import hypothesis

pytest_plugins = [
    "tests.servers",
    "tests.mail_servers",
    "tests.databases",
    "tests.apps",
    "tests.community",
    "tests.clocks",
    "tests.receiver",
]
collect_ignore = [] if os.environ.get("FORUM_CORPORA") else ["corpora"]

hypothesis.settings.register_profile("quick", deadline=None, max_examples=50)
hypothesis.settings.register_profile("fuzz", deadline=None, max_examples=5_000)
hypothesis.settings.load_profile("quick")
