"""The addresses of the HTML pages, which a visitor reads without an account or a script."""

from flask import Blueprint, Flask

from forum.config import settings_in
from forum.core.http.parameters import pass_over_undescribed
from forum.core.http.quota import count_read
from forum.web import account, appeals, docs, pages, paging, problems, subscriptions, wording

blueprint = Blueprint(
    "web", __name__, template_folder="templates", static_folder="static", static_url_path="/assets"
)
blueprint.add_url_rule("/", view_func=pages.home)
blueprint.add_url_rule("/posts/<slug>", view_func=pages.post)
blueprint.add_url_rule("/threads/<id:thread_id>", view_func=pages.thread)
blueprint.add_url_rule("/replies/<id:reply_id>", view_func=pages.reply)
blueprint.add_url_rule("/users/<username>", view_func=pages.user)
blueprint.add_url_rule("/docs", view_func=docs.docs)
blueprint.add_url_rule(f"/docs/<any({docs.ASSETS}):name>", view_func=docs.asset)

blueprint.get("/subscriptions/confirm")(subscriptions.confirming)
blueprint.post("/subscriptions/confirm")(subscriptions.confirm)
blueprint.get("/subscriptions/stop")(subscriptions.stopping)
blueprint.post("/subscriptions/stop")(subscriptions.stop)

blueprint.get("/account/confirm")(account.confirming_address)
blueprint.post("/account/confirm")(account.confirm_address)
blueprint.get("/account/password")(account.choosing_password)
blueprint.post("/account/password")(account.choose_password)
blueprint.get("/account/sign-in")(account.signing_in)
blueprint.get("/account/guest")(account.confirming_guest)
blueprint.post("/account/guest")(account.confirm_guest)

blueprint.get("/appeal")(appeals.appealing)
blueprint.post("/appeal")(appeals.appeal)

blueprint.before_request(count_read)
blueprint.before_request(pass_over_undescribed)

FILTERS = {
    "counted": wording.counted,
    "day": wording.day,
    "minute": wording.minute,
    "more_replies": paging.more_replies,
    "reply_name": wording.reply_name,
    "thread_name": wording.thread_name,
    "voices": wording.voices,
}


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["site_name"] = settings_in(app).site_name
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(blueprint)
    app.register_blueprint(problems.blueprint)
    app.after_request(problems.show)
