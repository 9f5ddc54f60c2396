// One change to everything that is picked in the list, and what became of it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useShopFacts } from "@/features/sales/queries";
import type { Picks } from "@/ui/bulk";
import { BulkBar, useBulk } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { inputStyle } from "@/ui/field";

import { type Change, changePicked } from "./picks";

interface VariantsBarProps {
  picks: Picks;
  onPicks: (picks: Picks) => void;
}

export function VariantsBar({ picks, onPicks }: VariantsBarProps) {
  const t = useTranslations("catalog");
  const client = useQueryClient();
  const { bar, forget, tell } = useBulk(picks, onPicks);
  const change = useMutation({
    mutationFn: (wanted: Change) => changePicked(picks, wanted),
    onMutate: forget,
    onSuccess: tell,
    // After a break some may be changed and some not; the list shows what is.
    onSettled: () =>
      Promise.all(["variants", "product"].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
  return (
    <BulkBar
      label={t("bulk")}
      picked={t("picked", { count: picks.size })}
      {...bar}
      isBusy={change.isPending}
      failure={change.error}
    >
      <Button onClick={() => change.mutate({ kind: "set_active", is_active: true })}>{t("sell")}</Button>
      <Button onClick={() => change.mutate({ kind: "set_active", is_active: false })}>
        {t("stopSelling")}
      </Button>
      <TaxRate onChange={(tax_rate) => change.mutate({ kind: "set_tax_rate", tax_rate })} />
      <Tag
        onAdd={(tag) => change.mutate({ kind: "add_tag", tag })}
        onRemove={(tag) => change.mutate({ kind: "remove_tag", tag })}
      />
    </BulkBar>
  );
}

function TaxRate({ onChange }: { onChange: (rate: string) => void }) {
  const t = useTranslations("catalog");
  const rates = useShopFacts().data?.tax_rates ?? [];
  return (
    <select
      aria-label={t("setTaxRate")}
      className="min-h-8 rounded-lg border border-edge bg-panel px-2"
      value=""
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="" disabled>
        {t("setTaxRate")}
      </option>
      {rates.map(({ rate }) => (
        <option key={rate} value={rate}>{`${rate} %`}</option>
      ))}
    </select>
  );
}

function Tag({ onAdd, onRemove }: { onAdd: (tag: string) => void; onRemove: (tag: string) => void }) {
  const t = useTranslations("catalog");
  const [text, setText] = useState("");
  const tag = text.trim();
  return (
    <form
      className="flex items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (tag !== "") onAdd(tag);
      }}
    >
      <input
        aria-label={t("tag")}
        placeholder={t("tag")}
        maxLength={100}
        className={`${inputStyle()} w-36`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={tag === ""}>
        {t("addTag")}
      </Button>
      <Button disabled={tag === ""} onClick={() => onRemove(tag)}>
        {t("removeTag")}
      </Button>
    </form>
  );
}
