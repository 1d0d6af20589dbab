"""Regions by their Kemendagri codes, and ports."""

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode


class Level(StrEnum):
    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"
    KECAMATAN = "kecamatan"
    DESA = "desa"
    KELURAHAN = "kelurahan"


class Region(Model):
    """A part of the land; the dotted code says what lies in what."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(RegionCode, unique=True)
    level: Mapped[Level]
    name: Mapped[str]
    parent: Mapped[str] = mapped_column(RegionCode, index=True)
    postal: Mapped[str] = mapped_column(default="")


class Port(Model):
    """A place livestock leaves from."""

    __tablename__ = "ports"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
