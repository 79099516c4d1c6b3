"""What can go wrong with webhooks."""

from forum.core.errors import Conflict, NotFound


class WebhookNotFound(NotFound):
    """There is no such webhook."""

    title = "No such webhook"


class DeliveryNotFound(NotFound):
    """There is no such delivery of this webhook."""

    title = "No such delivery"


class WebhookIsDisabled(Conflict):
    """The webhook is disabled: enable it first."""

    code = "webhook-is-disabled"
    title = "The webhook is disabled"


class TooManyKeys(Conflict):
    """As many former keys of the webhook are good as may be, each for a day: wait for the first."""

    code = "too-many-keys"
    title = "Too many keys"


class TooManyWebhooks(Conflict):
    """There are as many webhooks as there may be: delete one first."""

    code = "too-many-webhooks"
    title = "Too many webhooks"
