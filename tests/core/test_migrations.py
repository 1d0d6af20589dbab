"""An upgrade keeps what there was, and guards it from then on."""

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from sijinak.migrate import configuration, upgrade
from tests.databases import Databases


def test_an_upgrade_from_the_first_form_keeps_the_trail_and_guards_it(databases: Databases):
    with databases.empty() as url:
        command.upgrade(configuration(url), "0001")
        engine = create_engine(url)
        nothing = "x'00'" if url.startswith("sqlite") else "'00000000-0000-0000-0000-000000000000'"
        columns = (
            "id, name, subject_type, subject_id, region, actor_id, actor_name, happened_at, facts"
        )
        values = (
            f"{nothing}, 'kept', 'x', {nothing}, '', {nothing}, 'x', '2026-01-01 00:00+00', '{{}}'"
        )
        row = f"INSERT INTO events ({columns}) VALUES ({values})"
        with engine.begin() as connection:
            connection.execute(text(row))
        upgrade(url)
        upgrade(url)  # again: nothing to do
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT name FROM events")) == "kept"
            with pytest.raises(SQLAlchemyError, match="append-only"):
                connection.execute(text("DELETE FROM events"))
        engine.dispose()
