-- What other modules' statements may know of what is sold; `barcode` is the first one, as printed.
CREATE VIEW catalog_sellable AS
SELECT
    id AS variant_id, product_id, name, sku, barcode, price, cost, tax_rate, unit, quantity_step, is_active
FROM catalog_variant;
