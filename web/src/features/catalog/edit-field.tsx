// One field of a product or a variant, as the person changes it.
import { useTranslations } from "use-intl";

import { useShopFacts } from "@/features/sales/queries";
import { SelectField, TextArea, TextField } from "@/ui/field";

import type { Place } from "./product-draft";
import { UNITS } from "./product-fields";

const LABELS = {
  name: "name",
  description: "description",
  vendor: "vendor",
  tags: "tags",
  options: "options",
  sku: "sku",
  barcodes: "barcodes",
  price: "price",
  cost: "cost",
  tax_rate: "taxRate",
  unit: "unit",
  quantity_step: "step",
  is_active: "isActive",
} as const satisfies Record<Place["name"], string>;

/** Return what a field is called, and how its text reads where people compare it. */
export function useFieldNames(): {
  label: (name: Place["name"]) => string;
  told: (name: Place["name"], text: string) => string;
} {
  const t = useTranslations("catalog");
  return {
    label: (name) => t(LABELS[name]),
    told: (name, text) => {
      if (name === "unit") return t("unitName", { unit: text });
      if (name === "is_active") return t("yesNo", { value: text });
      return text === "" ? t("nothing") : text;
    },
  };
}

interface EditFieldProps {
  name: Place["name"];
  text: string;
  error: string | undefined;
  onEnter: (text: string) => void;
}

export function EditField({ name, text, error, onEnter }: EditFieldProps) {
  const t = useTranslations("catalog");
  const { label, told } = useFieldNames();
  const rates = useShopFacts().data?.tax_rates.map((one) => one.rate) ?? [];
  const common = {
    label: label(name),
    error,
    value: text,
    onChange: (event: { target: { value: string } }) => onEnter(event.target.value),
  };
  switch (name) {
    case "description":
      return <TextArea {...common} rows={4} />;
    case "tags":
    case "barcodes":
      return <TextArea {...common} rows={2} hint={t("oneEach")} />;
    case "options":
      return <TextArea {...common} rows={2} hint={t("optionsHint")} />;
    case "unit":
    case "is_active":
      return (
        <SelectField {...common}>
          {(name === "unit" ? UNITS : ["true", "false"]).map((one) => (
            <option key={one} value={one}>
              {told(name, one)}
            </option>
          ))}
        </SelectField>
      );
    case "tax_rate":
      return (
        <SelectField {...common}>
          {[...new Set([text, ...rates])].map((rate) => (
            <option key={rate} value={rate}>{`${rate} %`}</option>
          ))}
        </SelectField>
      );
    case "price":
    case "cost":
    case "quantity_step":
      return <TextField {...common} inputMode="decimal" className="tabular" />;
    default:
      return <TextField {...common} maxLength={500} />;
  }
}
