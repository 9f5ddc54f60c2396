"""What holds of the catalogue, and what no migration may alter of it."""

from mainstay.db.invariants import Figure, Invariant

COUNT_FITS = Invariant(
    "catalog.count_fits",
    "The number of variants that lists tell is how many there are.",
    """
    SELECT 'variants' FROM (SELECT coalesce(sum(change), 0) AS told FROM catalog_variant_count) AS counter
    WHERE told <> (SELECT count(*) FROM catalog_variant)
    """,
)
PRICES = Figure(
    "catalog.prices",
    "The number of variants and barcodes and the sum of prices and costs stay the same.",
    """
    SELECT concat_ws(', ', count(*), (SELECT count(*) FROM catalog_barcode), sum(price), sum(cost)) FROM catalog_variant
    """,
)
ALL = (COUNT_FITS, PRICES)
