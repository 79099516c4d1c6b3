"""What is hidden is told to nobody: not by any address, nor by what was read before.

The addresses are those of the OpenAPI document, so that a new route is tried without being named
here; that it would tell, if nothing were hidden, is tried as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import chain, product
from typing import Any

import pytest

from forum import examples
from tests.apps import Answer
from tests.community import API, Community, Json, Person
from tests.hiding import CALLS, REASON, Hide, every_way_to_hide, with_its_post
from tests.leaving import leave
from tests.worker import work_off

TELLING_NOTHING = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/docs",
    "/docs/{name}",
    "/assets/{filename}",
    "/problems",
    "/feeds.opml",
    "/problems/{code}",
    "/account/confirm",
    "/account/guest",
    "/account/password",
    "/account/sign-in",
    "/api/v1/auth/identities",
    "/api/v1/auth/identities/{identity_id}",
    "/api/v1/auth/oidc/{provider}",
    "/api/v1/auth/oidc/{provider}/callback",
    "/api/v1/auth/sessions",
    "/api/v1/auth/tokens",
    "/api/v1/auth/tokens/{token_id}",
    "/api/v1/auth/two-factor",
    "/api/v1/log",
    "/api/v1/me",
    "/api/v1/me/decisions/{decision_id}",
    "/api/v1/me/feed-tokens",
    "/api/v1/me/feed-tokens/{token_id}",
    "/api/v1/me/held",
    "/api/v1/me/mutes",
    "/api/v1/me/notifications/count",
    "/api/v1/me/reports",
    "/api/v1/me/sanctions",
    "/api/v1/users",
    "/api/v1/webhooks",
    "/api/v1/webhooks/{webhook_id}",
    "/api/v1/webhooks/{webhook_id}/deliveries",
    "/api/v1/community/subscription",
    "/api/v1/paths/{path}/subscription",
    "/api/v1/posts/{slug}/subscription",
    "/api/v1/threads/{thread_id}/subscription",
    "/appeal",
    "/subscriptions/confirm",
    "/subscriptions/stop",
    *(f"/feeds/me/queue.{extension}" for extension in ("rss", "atom", "json")),
}
"""What shows nobody's words, or no others' than the reader's."""

OF_LARGER_THREADS = {
    f"/feeds/gap{path}.{extension}"
    for path in ("", "/{path}")
    for extension in ("rss", "atom", "json")
}
"""More people speak in them than here: `tests/feeds/test_gap.py` hides threads in these feeds."""

TOLD_TO_ITS_AUTHOR = tuple(
    f"{API}/me/{own}" for own in ("notifications", "held", "export", "decisions")
)
"""Say why a text was removed, or what waits or was written, and to nobody else."""

OF_MODERATORS = (f"{API}/moderation/", f"{API}/users?")
"""There moderators read of what is hidden, and who there is, and nobody else does."""

TOMBSTONE = re.compile(
    r'<at:deleted-entry ref="tag:[^"]*" when="[0-9TZ:.-]*" />'
    r'|\{"id":"tag:[^"]*","when":"[0-9TZ:.-]*"\}'
)
"""What a feed may say of what left it: the id under which it was known, and when it left."""

FIRST = [1]
"""The id of what a scene has one of."""

ONWARD = re.compile(r'(?:"next":|href=)"(/[^"]*cursor=[^"]*)"')


@dataclass
class Scene:
    """Below a post a thread and, in another one below a reply, an answered and a lone reply.

    These are to be hidden. Their author alone writes of quokkas; nothing else has votes, ballots,
    a path or a pin.
    """

    community: Community
    author: Person
    follower: Person
    post: Json
    thread: Json
    answered: Json
    lone: Json
    addresses: dict[str, list[str]] = field(default_factory=dict)
    """What can be read, by the path in the OpenAPI document."""

    @property
    def hidden(self) -> list[str]:
        """The addresses of what is to be hidden."""
        replies = [f"/replies/{reply['id']}" for reply in (self.answered, self.lone)]
        return [*replies, f"/threads/{self.thread['id']}"]

    @property
    def readers(self) -> list[Person]:
        """One of each kind."""
        community = self.community
        others = [community.passer_by, community.member(), community.admin]
        return [*others, self.author, self.follower]

    def hide(self, hide: Hide) -> None:
        """Hide it all."""
        for address in self.hidden:
            hide(self.community, self.author, self.post, address)
        work_off(self.community.app)


@pytest.fixture
def scene(community: Community) -> Scene:
    author, follower = community.member("quokka-ada"), community.member()
    for person in (author, follower):
        person.ok("PUT", "/community/subscription", {"level": "all"})
    post = community.post(title="Ladders")
    thread = community.thread(author, post, title="Quokka?", body="A quokka.")
    community.reply(thread=thread)
    reader = community.member()
    above = community.reply(reader, thread=community.thread(post=post))
    answered, lone = (
        community.reply(author, to=above, body="Quokkas.", path="technical-path") for _ in range(2)
    )
    community.reply(to=answered)
    for person in (author, follower):
        person.ok("PUT", f"/threads/{thread['id']}/subscription", {"level": "all"})
    found = Scene(community, author, follower, post, thread, answered, lone)
    judge(found)
    work_off(community.app)
    token = reader.ok("POST", "/me/feed-tokens", {})["token"]
    found.addresses = addresses(found, above, token)
    return found


def judge(scene: Scene) -> None:
    """Let people vote on what is to be hidden, cast ballots and pin it; edit it, too."""
    voter, admin = scene.community.member(), scene.community.admin
    for address in scene.hidden:
        scene.author.ok("PATCH", address, {"body": "Many quokkas."})
        voter.ok("PUT", f"{address}/vote", {"value": 1})
    for reply in (scene.answered, scene.lone):
        scene.community.cast(reply, neither=1)
    pin = {"path": "technical-path", "reason": REASON}
    admin.ok("PUT", f"/replies/{scene.answered['id']}/pin", pin)
    admin.ok("PUT", f"/threads/{scene.thread['id']}/lock", {"reason": REASON})
    admin.ok("POST", "/webhooks", {"url": "https://127.0.0.1/", "events": ["reply.edited"]})


def addresses(scene: Scene, above: Json, token: str) -> dict[str, list[str]]:
    """Everything that can be read."""
    names: dict[str, list[Any]] = {name: [value] for name, value in examples.IN_ADDRESSES.items()}
    names |= {
        "thread_id": [scene.thread["id"], above["thread_id"]],
        "reply_id": [reply["id"] for reply in (above, scene.answered, scene.lone)],
        "slug": [scene.post["slug"]],
        "username": [scene.author.username],
        "path": ["technical-path", "management-path"],
        "url": [scene.post["url"]],
        "name": ["swagger-ui.css"],
        "token": [token],
    }
    document = scene.community.client.open("/openapi.json").json
    return {
        path: [*filled_in(path, [*item["get"]["parameters"], *item.get("parameters", [])], names)]
        for path, item in document["paths"].items()
        if "get" in item and path != "/openapi.json"
    }


def filled_in(path: str, parameters: list[Json], names: dict[str, list[Any]]) -> Iterator[str]:
    """A path with every name in it, alone and with each parameter (the first sort needs none)."""
    in_path = re.findall(r"{(\w+)}", path)
    queries = [f"?{query}" for each in parameters for query in values(each, names)]
    needed = any(each.get("required") and each["in"] == "query" for each in parameters)
    for given in product(*(names.get(name, FIRST) for name in in_path)):
        filled = path.format(**dict(zip(in_path, given, strict=True)))
        yield from (filled + query for query in ([] if needed else [""]) + queries)


def values(parameter: Json, names: dict[str, list[Any]]) -> Iterator[str]:
    if parameter.get("in") == "query":
        schema, name = parameter["schema"], parameter["name"]
        least = [schema["minimum"]] if "minimum" in schema else []
        for value in names.get(name) or schema.get("enum", least)[-1:]:
            yield f"{name}={value}"


def read(
    reader: Person, addresses: Iterable[str], known: Mapping[str, Answer] | None = None
) -> dict[str, Answer]:
    """What a reader is answered by addresses and by those that these lead on to.

    With `known`, they ask for what has changed since.
    """
    answers: dict[str, Answer] = {}
    waiting = [*addresses]
    while waiting:
        address = waiting.pop()
        if address not in answers:
            answers[address] = ask(reader, address, known or {})
            waiting += [unescape(onward) for onward in ONWARD.findall(answers[address].text)]
    return answers


def ask(reader: Person, address: str, known: Mapping[str, Answer]) -> Answer:
    headers = {"Authorization": f"Bearer {reader.token}"} if reader.token else {}
    if address in known and "ETag" in known[address].headers:
        headers["If-None-Match"] = known[address].headers["ETag"]
    answer = reader.client.open(address, headers=headers)
    return known[address] if answer.status_code == 304 else answer


def attempts(scene: Scene, reader: Person) -> dict[str, Answer]:
    """What a reader is answered who would change what is hidden, as it was before."""
    late = {"If-Match": '"what it was before"'}
    return {
        f"{method} {address}{below}": reader.call(method, address + below, json=body, headers=late)
        for address in scene.hidden
        for method, below, body in CALLS[address.split("/")[1]]
        if method != "GET"
    }


def tells(scene: Scene, hide: Hide | None = None) -> re.Pattern[str]:
    """What an answer must not say: words, figures, paths, or that the lone reply exists.

    Visible are a thread and three replies at most.
    """
    words = [
        "quokka",
        r'"(up|down|score|technical|management|(technical|management)-path)": ?-?[1-9]',
        r'"(neither|voters|n)": ?[1-9]',
        r'"(path|declared)": ?"',
        r'"(contested|bridge)": ?true',
        r'"(pin|my_vote|my_ballot)": ?[^n]',
        r"[▲▼] [1-9]|<dd>-?[1-9]",
        r'class="(path|balance)"|<category',
        r'"thread_count": ?2|"reply_count": ?[45]|2 threads|[45] replies',
        rf"replies/{scene.lone['id']}\b",
    ]
    if hide is with_its_post:
        words.append("ladders")
    return re.compile("|".join(words), re.IGNORECASE)


def leaks(found: re.Pattern[str], author: Person, answers: Mapping[str, Answer]) -> dict[str, str]:
    """By address, what an answer says of it; their own pages may name the author."""
    said = {}
    for address, answer in answers.items():
        text = TOMBSTONE.sub("", f"{answer.text} {answer.headers}")
        if author.username in address or address == f"{API}/me":
            text = text.replace(author.username, "")
        match = found.search(text)
        if match:
            said[address] = match.group()
    return said


def told_by_who_asks(address: str) -> bool:
    """Whether the answer depends on the reader, and is not another one in another order."""
    return address.startswith(API) and "sort=" not in address


def test_every_address_tells_before_it_is_hidden(scene: Scene) -> None:
    found = tells(scene)
    telling = {
        path
        for path, addresses in scene.addresses.items()
        if leaks(found, scene.author, read(scene.author, addresses))
    }
    silent = {path for path in scene.addresses if not path.startswith(OF_MODERATORS)} - telling
    assert silent == TELLING_NOTHING | OF_LARGER_THREADS


@every_way_to_hide
def test_what_is_hidden_is_told_to_nobody(scene: Scene, hide: Hide) -> None:
    known = read(scene.community.passer_by, chain(*scene.addresses.values()))
    scene.hide(hide)
    found = tells(scene, hide)
    for reader in scene.readers:
        answers = read(reader, asked_by(scene, reader, known), known) | attempts(scene, reader)
        assert leaks(found, scene.author, answers) == {}


def test_what_is_held_from_the_beginning_is_told_to_nobody(scene: Scene) -> None:
    rule = {"kind": "word", "action": "hold", "value": "numbat"}
    scene.community.admin.ok("POST", "/moderation/rules", rule)
    words = {"body": "A numbat."}
    reply = scene.author.ok("POST", f"/threads/{scene.lone['thread_id']}/replies", words)
    thread = scene.author.ok("POST", f"/posts/{scene.post['slug']}/threads", words)
    assert reply["state"] == thread["state"] == "held"
    work_off(scene.community.app)
    own = [f"{API}/replies/{reply['id']}", f"{API}/threads/{thread['id']}"]
    everything = [*own, *chain(*scene.addresses.values())]
    for reader in scene.readers:
        asked = asked_by(scene, reader, everything)
        told = {each for each, answer in read(reader, asked).items() if "numbat" in answer.text}
        assert told == set()


def test_what_the_erased_wrote_is_told_to_nobody(scene: Scene) -> None:
    known = read(scene.community.passer_by, chain(*scene.addresses.values()))
    leave(scene.community.app, scene.author.username)
    work_off(scene.community.app)
    for reader in scene.readers:
        answers = read(reader, asked_by(scene, reader, known), known)
        assert leaks(tells(scene), scene.author, answers) == {}


def asked_by(scene: Scene, reader: Person, addresses: Iterable[str]) -> list[str]:
    """Those of some addresses whose answers may differ for a reader, and may tell them nothing."""
    may = may_tell(scene, reader)
    asked = filter(told_by_who_asks, addresses) if reader.token else addresses
    return [address for address in asked if not f"{address}?".startswith(may)]


def may_tell(scene: Scene, reader: Person) -> tuple[str, ...]:
    """Where a reader may be told of what is hidden from others."""
    if reader is scene.author:
        return TOLD_TO_ITS_AUTHOR
    return OF_MODERATORS if reader is scene.community.admin else ()


@every_way_to_hide
def test_a_key_for_repetition_tells_others_nothing_hidden(community: Community, hide: Hide) -> None:
    author, post = community.member(), community.post()
    address = f"/threads/{community.thread(post=post)['id']}/replies"
    keyed = {"Idempotency-Key": "one"}
    reply = author.ok("POST", address, {"body": "A quokka."}, headers=keyed)
    hide(community, author, post, f"/replies/{reply['id']}")
    for reader in (community.passer_by, community.member(), community.moderator()):
        assert "quokka" not in reader.post(address, {"body": "Me?"}, headers=keyed).text
