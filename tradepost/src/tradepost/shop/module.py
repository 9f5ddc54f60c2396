"""The manifest of the shop module."""

from mainstay.module import Module
from tradepost.shop import models, permissions, routes
from tradepost.shop.events import BusinessSetUp, StoreAdded, TaxRateAdded
from tradepost.shop.service.business import FACTS, facts, names, places
from tradepost.shop.service.sample import set_up_sample

SHOP = Module(
    name="shop",
    routers=(routes.router,),
    models=(models.Business, models.TaxRate, models.Store),
    events=(BusinessSetUp, StoreAdded, TaxRateAdded),
    permissions=(permissions.READ, permissions.MANAGE),
    sample=set_up_sample,
    caches=(FACTS,),
    warm=facts,
    names=names,
    places=places,
)
