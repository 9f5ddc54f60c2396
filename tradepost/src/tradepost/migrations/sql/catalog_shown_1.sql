-- What lists show of a variant: the beginning of a JSON object, to which a list adds cost and currency and its end.
--
-- It is kept with the row as a generated column. PostgreSQL takes immutable functions only for those, and has to_json
-- for stable because of moments, whose text depends on the session; moments are not given to it here.
CREATE FUNCTION catalog_shown(
    id uuid, product_id uuid, name text, options json, sku text, barcode text, price numeric, tax_rate numeric,
    unit text, is_active boolean, version integer, updated_at timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    '{"id":"' || id || '","product_id":"' || product_id || '","name":' || to_json(name)::text
    || ',"options":' || options::text
    || ',"sku":' || coalesce(to_json(sku)::text, 'null') || ',"barcode":' || coalesce(to_json(barcode)::text, 'null')
    || ',"price":"' || trim_scale(price) || '","tax_rate":"' || trim_scale(tax_rate)
    || '","unit":' || to_json(unit)::text || ',"is_active":' || CASE WHEN is_active THEN 'true' ELSE 'false' END
    || ',"version":' || version
    || ',"updated_at":"'
    || replace(to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') || '"';

ALTER TABLE catalog_variant ADD COLUMN shown text GENERATED ALWAYS AS (
    catalog_shown(
        id, product_id, name, options, sku, barcode, price, tax_rate, unit, is_active, version, updated_at
    )
) STORED;
