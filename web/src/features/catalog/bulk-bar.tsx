// One change to everything that is picked in the list, and what became of it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useShopFacts } from "@/features/sales/queries";
import { Button, IconButton } from "@/ui/button";
import { inputStyle } from "@/ui/field";
import { Refusal } from "@/ui/states";

import { afterChange, type BulkReport, type Change, changePicked, type Picks, reportOf } from "./picks";

interface BulkBarProps {
  picks: Picks;
  onPicks: (picks: Picks) => void;
}

export function BulkBar({ picks, onPicks }: BulkBarProps) {
  const t = useTranslations("catalog");
  const client = useQueryClient();
  const [report, setReport] = useState<BulkReport | null>(null);
  const change = useMutation({
    mutationFn: (wanted: Change) => changePicked(picks, wanted),
    onMutate: () => setReport(null),
    onSuccess: (items) => {
      setReport(reportOf(picks, items));
      onPicks(afterChange(picks, items));
    },
    // After a break some may be changed and some not; the list shows what is.
    onSettled: () =>
      Promise.all(["variants", "product"].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
  if (picks.size === 0 && report === null) return null;
  return (
    <section
      aria-label={t("bulk")}
      className="sticky bottom-0 z-20 grid gap-2 border-t border-line bg-raised px-6 py-3 shadow-2"
    >
      <Refusal failure={change.error} />
      {report !== null && <Report report={report} onClose={() => setReport(null)} />}
      {picks.size > 0 && (
        <fieldset disabled={change.isPending} className="flex flex-wrap items-center gap-2">
          <p role="status" className="font-medium">
            {t("picked", { count: picks.size })}
          </p>
          <Button kind="quiet" onClick={() => onPicks(new Map())}>
            {t("unpick")}
          </Button>
          <div className="flex-1" />
          <Button onClick={() => change.mutate({ kind: "set_active", is_active: true })}>{t("sell")}</Button>
          <Button onClick={() => change.mutate({ kind: "set_active", is_active: false })}>
            {t("stopSelling")}
          </Button>
          <TaxRate onChange={(tax_rate) => change.mutate({ kind: "set_tax_rate", tax_rate })} />
          <Tag
            onAdd={(tag) => change.mutate({ kind: "add_tag", tag })}
            onRemove={(tag) => change.mutate({ kind: "remove_tag", tag })}
          />
        </fieldset>
      )}
    </section>
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

function Report({ report, onClose }: { report: BulkReport; onClose: () => void }) {
  const t = useTranslations("catalog");
  const common = useTranslations("common");
  const { changed, unchanged } = report.counts;
  const sums = [
    t("bulkChanged", { count: changed }),
    ...(unchanged > 0 ? [t("bulkUnchanged", { count: unchanged })] : []),
    ...(report.left.length > 0 ? [t("bulkLeft", { count: report.left.length })] : []),
  ];
  return (
    <div role="status" className="flex items-start gap-2">
      <div className="grid min-w-0 flex-1 gap-1">
        <p className={report.left.length > 0 ? "font-medium text-warn" : "font-medium text-ok"}>
          {sums.join(" · ")}
        </p>
        {report.left.length > 0 && (
          <ul className="max-h-40 overflow-auto text-sm" tabIndex={0} aria-label={t("bulkWhy")}>
            {report.left.map((one) => (
              <li key={one.id}>
                <span className="font-medium">{one.name}</span> —{" "}
                {one.outcome === "refused" ? one.detail : t("bulkReason", { outcome: one.outcome })}
              </li>
            ))}
          </ul>
        )}
      </div>
      <IconButton label={common("close")} onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
