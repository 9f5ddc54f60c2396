"""The manifest of the till."""

from mainstay.module import Module
from tradepost.pos import invariants, models, permissions, routes
from tradepost.pos.events import RegisterAdded, RegisterArchived, SaleCompleted, SaleRefunded, ShiftClosed, ShiftOpened
from tradepost.pos.service.notices import DIFFERENCE
from tradepost.pos.service.registers import stands
from tradepost.pos.service.sample import add_sample_registers

POS = Module(
    name="pos",
    routers=(routes.router,),
    models=(
        models.Register,
        models.Shift,
        models.Sale,
        models.SaleLine,
        models.SaleTax,
        models.SaleApproval,
        models.Payment,
        models.Refund,
        models.RefundLine,
        models.RefundTax,
        models.RefundPayment,
        models.RefundApproval,
        models.JournalEntry,
    ),
    events=(RegisterAdded, RegisterArchived, ShiftOpened, ShiftClosed, SaleCompleted, SaleRefunded),
    records=(permissions.SALES,),
    permissions=(
        permissions.SELL,
        permissions.DISCOUNT,
        permissions.REFUND,
        permissions.READ_SALES,
        permissions.MANAGE,
    ),
    sample=add_sample_registers,
    stands=stands,
    invariants=invariants.ALL,
    notifications=(DIFFERENCE,),
)
