"""Which product is given: it is known, in use, and its lot is named."""

from uuid import UUID

from sijinak.core.errors import Invalid
from sijinak.vaccinations.models import Product
from sijinak.vaccinations.queries import product_by_id


class LotMissing(Invalid):
    code = "lot-missing"


class UnknownProduct(Invalid):
    code = "unknown-product"


class ProductInactive(Invalid):
    """Facts: ``name``."""

    code = "product-inactive"


def product_to_give(product_id: UUID, lot: str) -> Product:
    """Raises LotMissing, UnknownProduct or ProductInactive."""
    if not lot.strip():
        raise LotMissing
    product = product_by_id(product_id)
    if product is None:
        raise UnknownProduct
    if not product.is_active:
        raise ProductInactive(name=product.name)
    return product
