"""Fill an empty forum with a made-up community: `python -m benchmarks.load --posts N --replies M`.

The same numbers and seed always give the same rows.
"""

from collections import defaultdict
from itertools import chain, islice
from random import Random
from typing import Any

import click
from flask import Flask
from flask.cli import load_dotenv
from flask_migrate import upgrade
from sqlalchemy import Engine, func, select, text

from benchmarks.bulk import bulk_engine, continue_ids, indexes_afterwards, write
from benchmarks.rows import Batch, Row, Rows
from benchmarks.totals import settle
from benchmarks.tree import Size, Tree
from forum.accounts.models import Member
from forum.app import create_app
from forum.config import settings_in
from forum.core.db import db
from forum.features import METADATA

CHUNK = 10_000
MEMBERS = (100, 50_000)


@click.command()
@click.option("--posts", type=click.IntRange(1), default=100, show_default=True)
@click.option("--replies", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--threads", type=click.IntRange(2), help="One for 100 replies, unless told.")
@click.option("--huge", type=click.IntRange(0), help="Replies of the first thread; a tenth of all.")
@click.option("--members", type=click.IntRange(20), help="One for 20 replies, unless told.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(
    posts: int,
    replies: int,
    threads: int | None,
    huge: int | None,
    members: int | None,
    seed: int,
) -> None:
    """Fill the empty forum at DATABASE_URL, after bringing its tables up to date."""
    size = Size(
        posts=posts,
        replies=replies,
        threads=threads or max(2, posts, replies // 100),
        huge=replies // 10 if huge is None else min(huge, replies),
        members=members or min(max(replies // 20, MEMBERS[0]), MEMBERS[1]),
    )
    load_dotenv()
    fill(create_app(), size, seed)


def fill(app: Flask, size: Size, seed: int = 1) -> None:
    """Write the community; raises `click.ClickException` if somebody is there already."""
    with app.app_context():
        upgrade()
        url = db.engine.url.render_as_string(hide_password=False)
        max_nesting = settings_in(app).max_nesting
        db.engine.dispose()
    engine = bulk_engine(url)
    with engine.begin() as connection:
        if connection.scalar(select(func.count()).select_from(Member)):
            raise click.ClickException("The forum is not empty.")
    click.echo(f"Making up {size.replies:,} replies in {size.threads:,} threads.")
    random = Random(seed)
    rows = Rows(size, Tree(size, max_nesting, random), random)
    with indexes_afterwards(engine):
        _write_all(engine, rows, size)
        with engine.begin() as connection:
            settle(connection)
            continue_ids(connection)
    _gather_statistics(engine)


def _write_all(engine: Engine, rows: Rows, size: Size) -> None:
    batches = chain(rows.members(), rows.posts(), rows.threads(), rows.replies())
    length = size.members + size.posts + size.threads + size.replies
    with click.progressbar(length=length, label="Writing rows") as bar:
        while chunk := list(islice(batches, CHUNK)):
            with engine.begin() as connection:
                for table, together in _by_table(chunk).items():
                    write(connection, table, together)
            bar.update(len(chunk))


def _by_table(batches: list[Batch]) -> dict[Any, list[Row]]:
    together: defaultdict[Any, list[Row]] = defaultdict(list)
    for batch in batches:
        for model, rows in batch.items():
            if rows:
                together[model.__table__].extend(rows)
    return together


def _gather_statistics(engine: Engine) -> None:
    """What autovacuum would do soon; on SQLite the application gathers none either."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            tables = ", ".join(METADATA.tables)
            connection.execute(text(f"VACUUM ANALYZE {tables}"))


if __name__ == "__main__":
    main()
