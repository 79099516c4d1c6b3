"""What is in the demo community, for the examples of the OpenAPI document to speak of."""

ID = 1
LOGIN = "mara"
PASSWORD = "stay-or-switch-at-year-8"  # noqa: S105 - published with the demo
USERNAME = "nkechi"
SLUG = "staff-or-manager-at-year-eight"
IN_ADDRESSES = {
    "slug": SLUG,
    "username": USERNAME,
    "code": "not-found",
    "filename": "crossroads.css",
}
URL = "https://blog.example.com/careers/staff-or-manager-at-year-eight"
