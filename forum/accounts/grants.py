"""What a personal access token may be given: each scope lets it do one kind of thing."""

READ = "read"
REPLIES_WRITE = "replies:write"
VOTES_WRITE = "votes:write"
PATHS_WRITE = "paths:write"
MODERATE = "moderate"
POSTS_WRITE = "posts:write"
WEBHOOKS = "webhooks"
EXPORT = "export"
SCOPES = (
    READ,
    REPLIES_WRITE,
    VOTES_WRITE,
    PATHS_WRITE,
    MODERATE,
    POSTS_WRITE,
    WEBHOOKS,
    EXPORT,
)
"""`replies:write` is for threads, too: for all that is said."""

SIGNED_IN = "signed in"
"""What no token can be given: for what takes the member in person."""
