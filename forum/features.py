"""The one list of features; importing it defines every table, all reactions and all work."""

from forum.accounts import jobs as account_jobs
from forum.accounts import models as accounts
from forum.core import audit, idempotency, outbox, versions
from forum.core.db import Model
from forum.core.mail import jobs as mail_jobs
from forum.core.mail import models as mail
from forum.feeds import jobs as feed_jobs
from forum.feeds import models as feeds
from forum.feeds import subscribers as followed
from forum.guests import subscribers as claimed
from forum.moderation import models as moderation
from forum.moderation import subscribers as moderated
from forum.moderation.bulk import models as bulk
from forum.moderation.disputes import jobs as dispute_jobs
from forum.moderation.disputes import models as disputes
from forum.moderation.disputes import subscribers as disputed
from forum.moderation.premoderation import models as premoderation
from forum.moderation.queue import models as queue
from forum.moderation.reports import models as reports
from forum.moderation.rules import models as rules
from forum.moderation.spam import jobs as spam_jobs
from forum.moderation.spam import models as spam
from forum.moderation.spam import subscribers as corrected
from forum.notifications import jobs as notification_jobs
from forum.notifications import models as notifications
from forum.notifications import subscribers as notified
from forum.paths import models as paths
from forum.portability import jobs as portability_jobs
from forum.portability import models as portability
from forum.posts import models as posts
from forum.replies import models as replies
from forum.threads import models as threads
from forum.votes import models as votes
from forum.webhooks import jobs as webhook_jobs
from forum.webhooks import models as webhooks
from forum.webhooks import subscribers as webhooked

TABLES = (
    accounts,
    posts,
    threads,
    replies,
    votes,
    paths,
    queue,
    bulk,
    moderation,
    reports,
    disputes,
    premoderation,
    rules,
    spam,
    notifications,
    portability,
    webhooks,
    feeds,
    idempotency,
    outbox,
    mail,
    audit,
    versions,
)
REACTIONS = (moderated, disputed, corrected, claimed, notified, webhooked, followed)
JOBS = (
    account_jobs,
    mail_jobs,
    spam_jobs,
    dispute_jobs,
    notification_jobs,
    webhook_jobs,
    feed_jobs,
    portability_jobs,
)

METADATA = Model.metadata
