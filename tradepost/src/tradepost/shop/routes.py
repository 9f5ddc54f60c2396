"""The shop routes."""

from typing import Annotated

from fastapi import APIRouter

from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import UnitOfWork
from tradepost.shop.permissions import MANAGE, READ
from tradepost.shop.schemas import BusinessIn, ShopOut, StoreIn, StoreOut, TaxRateIn, TaxRateOut
from tradepost.shop.service import business as businesses

router = APIRouter(prefix="/shop", tags=["Shop"])


@router.get("")
async def get_shop(uow: Annotated[UnitOfWork, work(READ)]) -> ShopOut:
    """The business, its stores and its tax rates."""
    return await businesses.shop(uow)


@router.post("", status_code=201)
@repeatable
async def set_up_shop(uow: Annotated[UnitOfWork, work(MANAGE)], business: BusinessIn) -> ShopOut:
    """Set up the business with its tax rates and its first store; once."""
    return await businesses.set_up(uow, business)


@router.post("/stores", status_code=201)
async def add_store(uow: Annotated[UnitOfWork, work(MANAGE)], store: StoreIn) -> StoreOut:
    """Add a store. Repeating the call with the same id and content is harmless."""
    return await businesses.add_store(uow, store)


@router.post("/tax-rates", status_code=201)
@repeatable
async def add_tax_rate(uow: Annotated[UnitOfWork, work(MANAGE)], tax_rate: TaxRateIn) -> TaxRateOut:
    """Add a tax rate, such as one that an import brings and the business has not had yet."""
    return await businesses.add_tax_rate(uow, tax_rate)
