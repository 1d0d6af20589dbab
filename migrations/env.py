"""How Alembic reaches the database. Only comparing with the models needs the application."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

config = context.config
engine = create_engine(config.get_main_option("sqlalchemy.url") or "", poolclass=NullPool)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A table that is built anew takes the old one's place: nothing may be deleted meanwhile.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=config.attributes.get("metadata"),
        render_item=config.attributes.get("render_item"),
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
