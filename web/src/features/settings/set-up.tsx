// The first set-up of a shop without sample data.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { shopSetUpShop } from "@/api";
import { newId } from "@/ids";
import { activeCodes } from "@/money/currency";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { Card } from "@/ui/page";
import { Refusal } from "@/ui/states";

import { bodyOf, type Entered } from "./set-up-body";

export function SetUp() {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const [id] = useState(newId);
  const [entered, setEntered] = useState<Entered>({
    name: "",
    currency: "EUR",
    country: "",
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    rates: "",
    storeName: "",
    storeCode: "",
    isInclusive: true,
  });
  const set = (change: Partial<Entered>) => setEntered({ ...entered, ...change });
  const setUp = useMutation({
    mutationFn: () => shopSetUpShop({ body: bodyOf(id, entered) }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div className="mx-auto max-w-xl p-6">
      <h2 className="mb-1 text-2xl font-semibold tracking-tight">{t("setUp")}</h2>
      <p className="mb-5 text-ink-2">{t("setUpHint")}</p>
      <Card>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            setUp.mutate();
          }}
        >
          <Refusal failure={setUp.error} />
          <TextField
            label={t("name")}
            required
            autoFocus
            value={entered.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <div className="grid grid-cols-2 gap-4">
            <SelectField
              label={t("currency")}
              value={entered.currency}
              onChange={(event) => set({ currency: event.target.value })}
            >
              {activeCodes().map((code) => (
                <option key={code}>{code}</option>
              ))}
            </SelectField>
            <TextField
              label={t("country")}
              required
              maxLength={2}
              placeholder="FR"
              value={entered.country}
              onChange={(event) => set({ country: event.target.value.toUpperCase() })}
            />
          </div>
          <SelectField
            label={t("zone")}
            value={entered.zone}
            onChange={(event) => set({ zone: event.target.value })}
          >
            {Intl.supportedValuesOf("timeZone").map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </SelectField>
          <TextField
            label={t("rates")}
            hint={t("ratesHint")}
            required
            value={entered.rates}
            onChange={(event) => set({ rates: event.target.value })}
          />
          <SelectField
            label={t("priceKind")}
            value={entered.isInclusive ? "in" : "ex"}
            onChange={(event) => set({ isInclusive: event.target.value === "in" })}
          >
            <option value="in">{t("inclusive")}</option>
            <option value="ex">{t("exclusive")}</option>
          </SelectField>
          <div className="grid grid-cols-[1fr_12rem] gap-4">
            <TextField
              label={t("storeName")}
              required
              value={entered.storeName}
              onChange={(event) => set({ storeName: event.target.value })}
            />
            <TextField
              label={t("storeCode")}
              hint={t("storeCodeHint")}
              required
              maxLength={6}
              value={entered.storeCode}
              onChange={(event) => set({ storeCode: event.target.value.toUpperCase() })}
            />
          </div>
          <Button type="submit" kind="primary" size="lg" isBusy={setUp.isPending}>
            {t("open")}
          </Button>
        </form>
      </Card>
    </div>
  );
}
