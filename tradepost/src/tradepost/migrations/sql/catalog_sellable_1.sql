-- What other modules' statements may know of what is sold; `barcode` is the first one, as printed.
CREATE VIEW catalog_sellable AS
SELECT
    variant.id AS variant_id, variant.product_id, variant.name, variant.sku,
    (
        SELECT code FROM catalog_barcode WHERE variant_id = variant.id ORDER BY position LIMIT 1
    ) AS barcode,
    variant.price, variant.cost, variant.tax_rate, variant.unit, variant.quantity_step, variant.is_active
FROM catalog_variant AS variant;
