// What a person may change of a product and of its variants: how each field reads as text, and what the text means.
import type { ProductOut, ProductPatch, VariantOut, VariantPatch } from "@/api";

export const UNITS = ["piece", "kg", "l", "m"] as const;

type Fields<Thing, Patch> = {
  [Name in keyof Omit<Required<Patch>, "version">]: {
    show: (thing: Thing) => string;
    /** Bring what was typed into the form that `show` gives. */
    tidy: (text: string) => string;
    /** Return what tidied text means to the program. */
    read: (text: string) => NonNullable<Required<Patch>[Name]> | null;
  };
};

const line = (text: string) => text.trim();
const decimal = (text: string) => text.trim().replace(",", ".");
const same = (text: string) => text;
const orNull = (text: string) => (text === "" ? null : text);
const linesOf = (text: string) =>
  text
    .split("\n")
    .map((one) => one.trim())
    .filter((one) => one !== "");
const lines = (text: string) => linesOf(text).join("\n");

export const PRODUCT_FIELDS: Fields<ProductOut, ProductPatch> = {
  name: { show: (product) => product.name, tidy: line, read: same },
  description: { show: (product) => product.description, tidy: line, read: same },
  vendor: { show: (product) => product.vendor ?? "", tidy: line, read: orNull },
  tags: { show: (product) => product.tags.join("\n"), tidy: lines, read: linesOf },
};

export const VARIANT_FIELDS: Fields<VariantOut, VariantPatch> = {
  options: { show: (variant) => showOptions(variant.options), tidy: lines, read: readOptions },
  sku: { show: (variant) => variant.sku ?? "", tidy: line, read: orNull },
  barcodes: {
    show: (variant) => variant.barcodes.map((one) => one.code).join("\n"),
    tidy: lines,
    read: linesOf,
  },
  price: { show: (variant) => variant.price, tidy: decimal, read: same },
  cost: { show: (variant) => variant.cost ?? "", tidy: decimal, read: orNull },
  tax_rate: { show: (variant) => variant.tax_rate, tidy: decimal, read: same },
  unit: {
    show: (variant) => variant.unit,
    tidy: same,
    read: (text) => UNITS.find((unit) => unit === text) ?? "piece",
  },
  quantity_step: { show: (variant) => variant.quantity_step, tidy: decimal, read: same },
  is_active: { show: (variant) => String(variant.is_active), tidy: same, read: (text) => text === "true" },
};

export type ProductField = keyof typeof PRODUCT_FIELDS;
export type VariantField = keyof typeof VARIANT_FIELDS;

const OPTION = /^([^:]+):(.*)$/;

function showOptions(options: Record<string, string>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/** Return the options that lines of "name: value" tell. A line without a value has an empty one, which is refused. */
function readOptions(text: string): Record<string, string> {
  return Object.fromEntries(
    linesOf(text).map((one) => {
      const [, name = one, value = ""] = OPTION.exec(one) ?? [];
      return [name.trim(), value.trim()];
    }),
  );
}
