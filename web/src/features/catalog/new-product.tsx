// Adding a product by hand.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { catalogCreateProduct, type VariantIn } from "@/api";
import { useShopFacts } from "@/features/sales/queries";
import { ApiProblem } from "@/http";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { UNITS } from "./product-fields";

interface Entered {
  name: string;
  price: string;
  barcode: string;
  sku: string;
  unit: NonNullable<VariantIn["unit"]>;
  rate: string;
}

interface NewProductProps {
  isOpen: boolean;
  onClose: () => void;
  onCreated: (productId: string) => void;
}

export function NewProduct({ isOpen, onClose, onCreated }: NewProductProps) {
  const t = useTranslations("catalog");
  return (
    <Dialog title={t("new")} isOpen={isOpen} onClose={onClose}>
      <NewProductForm
        onCreated={(product) => {
          onClose();
          onCreated(product);
        }}
      />
    </Dialog>
  );
}

function NewProductForm({ onCreated }: { onCreated: (productId: string) => void }) {
  const t = useTranslations("catalog");
  const client = useQueryClient();
  const toast = useToast();
  const shop = useShopFacts();
  const [ids] = useState(() => ({ product: newId(), variant: newId() }));
  const [entered, setEntered] = useState<Entered>({
    name: "",
    price: "",
    barcode: "",
    sku: "",
    unit: "piece",
    rate: "",
  });
  const set = (change: Partial<Entered>) => setEntered({ ...entered, ...change });
  const rates = shop.data?.tax_rates.map((one) => one.rate) ?? [];
  const rate = entered.rate || (rates[0] ?? "");
  const create = useMutation({
    mutationFn: () =>
      catalogCreateProduct({
        body: {
          id: ids.product,
          name: entered.name,
          variants: [
            {
              id: ids.variant,
              price: entered.price.replace(",", "."),
              sku: entered.sku.trim() || null,
              tax_rate: rate,
              unit: entered.unit,
              barcodes: entered.barcode.trim() === "" ? [] : [entered.barcode.trim()],
            },
          ],
        },
      }),
    onSuccess: (product) => {
      toast(t("created", { name: product.name }));
      void client.invalidateQueries({ queryKey: ["variants"] });
      onCreated(product.id);
    },
  });
  const wrong = (field: string) =>
    create.error instanceof ApiProblem
      ? create.error.problem.errors?.find((one) => one.field.includes(field))?.message
      : undefined;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Refusal failure={create.error} />
      <TextField
        label={t("name")}
        required
        autoFocus
        maxLength={500}
        error={wrong("name")}
        value={entered.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <TextField
        label={t("barcode")}
        hint={t("barcodeHint")}
        inputMode="numeric"
        error={wrong("barcodes")}
        value={entered.barcode}
        onChange={(event) => set({ barcode: event.target.value })}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label={t("price")}
          required
          inputMode="decimal"
          error={wrong("price")}
          value={entered.price}
          onChange={(event) => set({ price: event.target.value })}
        />
        <SelectField
          label={t("taxRate")}
          error={wrong("tax_rate")}
          value={rate}
          onChange={(event) => set({ rate: event.target.value })}
        >
          {rates.map((rate) => (
            <option key={rate} value={rate}>{`${rate} %`}</option>
          ))}
        </SelectField>
        <TextField
          label={t("sku")}
          error={wrong("sku")}
          value={entered.sku}
          onChange={(event) => set({ sku: event.target.value })}
        />
        <SelectField
          label={t("unit")}
          value={entered.unit}
          onChange={(event) => set({ unit: UNITS.find((unit) => unit === event.target.value) ?? "piece" })}
        >
          {UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {t("unitName", { unit })}
            </option>
          ))}
        </SelectField>
      </div>
      <Button type="submit" kind="primary" size="lg" isBusy={create.isPending}>
        {t("create")}
      </Button>
    </form>
  );
}
