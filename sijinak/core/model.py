"""What every table has in common."""

import enum
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Enum,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Naive ones are refused on the way in, and never come out (SQLite drops zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive datetime: {value}")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


class Id(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, 16 bytes on SQLite, where 32 letters would cost twice that."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = LargeBinary(16) if dialect.name == "sqlite" else Uuid()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return _uuid_of(value) if value is not None and dialect.name == "sqlite" else value


@lru_cache(maxsize=4096)
def _uuid_of(raw: bytes) -> UUID:
    """A page shows the same few ids in row after row, and making one costs more than finding it."""
    return UUID(bytes=raw)


# A region's dotted code, compared byte by byte so that a range holds a code and all below it.
RegionCode = String(13).with_variant(String(13, collation="C"), "postgresql")


def _values(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


class Model(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        datetime: UtcDateTime,
        date: Date,
        UUID: Id,
        int: BigInteger,
        Rupiah: BigInteger,
        bytes: LargeBinary,
        enum.Enum: Enum(enum.Enum, native_enum=False, length=32, values_callable=_values),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)

    def __init__(self, **columns: Any) -> None:
        """The id comes first and at once: sealed columns and events need it before the flush."""
        self.id = columns.pop("id", None) or uuid7()
        for name, value in columns.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"
