"""Mail: letters are queued in the transaction of what they tell of, and sent by the worker."""
