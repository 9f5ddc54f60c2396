"""The manifest of the stock module."""

from mainstay.module import Module
from tradepost.stock import invariants, jobs, models, permissions, routes
from tradepost.stock.events import StockAdjusted, StockOpened

STOCK = Module(
    name="stock",
    routers=(routes.router,),
    models=(models.StockLevel, models.StockMovement),
    events=(StockOpened, StockAdjusted),
    jobs=(jobs.OPEN_STOCK,),
    permissions=(permissions.READ, permissions.ADJUST),
    invariants=invariants.ALL,
)
