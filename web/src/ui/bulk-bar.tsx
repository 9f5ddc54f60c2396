// The bar under a list while something is picked in it, and what became of the change that was made to all of that.
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";

import { afterChange, type BulkReport, type Picks, reportOf, type Told } from "./bulk";
import { Button, IconButton } from "./button";
import { Refusal } from "./states";

interface BulkBarProps<Key> {
  label?: string;
  /** How many of what are picked. */
  picked?: string;
  picks: Picks<Key>;
  report: BulkReport<Key> | null;
  isBusy: boolean;
  failure: unknown;
  onPicks: (picks: Picks<Key>) => void;
  onClose: () => void;
  children: ReactNode;
}

export function BulkBar<Key>({
  label,
  picked,
  picks,
  report,
  isBusy,
  failure,
  onPicks,
  onClose,
  children,
}: BulkBarProps<Key>) {
  const t = useTranslations("bulk");
  if (picks.size === 0 && report === null) return null;
  return (
    <section
      aria-label={label ?? t("label")}
      className="sticky bottom-0 z-20 grid gap-2 border-t border-line bg-raised px-6 py-3 shadow-2"
    >
      <Refusal failure={failure} />
      {report !== null && <Report report={report} onClose={onClose} />}
      {picks.size > 0 && (
        <fieldset disabled={isBusy} className="flex flex-wrap items-center gap-2">
          <p role="status" className="font-medium">
            {picked ?? t("picked", { count: picks.size })}
          </p>
          <Button kind="quiet" onClick={() => onPicks(new Map())}>
            {t("unpick")}
          </Button>
          <div className="flex-1" />
          {children}
        </fieldset>
      )}
    </section>
  );
}

/** What is picked in a list, and what became of the last change of it: some stays picked, some is to be looked at. */
export function useBulk<Key>(picks: Picks<Key>, onPicks: (picks: Picks<Key>) => void) {
  const [report, setReport] = useState<BulkReport<Key> | null>(null);
  const forget = () => setReport(null);
  return {
    /** What the bar shows of it. */
    bar: { picks, report, onPicks, onClose: forget },
    forget,
    tell: (items: readonly Told<Key>[]) => {
      setReport(reportOf(picks, items));
      onPicks(afterChange(picks, items));
    },
  };
}

function Report<Key>({ report, onClose }: { report: BulkReport<Key>; onClose: () => void }) {
  const t = useTranslations("bulk");
  const common = useTranslations("common");
  const { changed, unchanged } = report.counts;
  const sums = [
    t("changed", { count: changed }),
    ...(unchanged > 0 ? [t("unchanged", { count: unchanged })] : []),
    ...(report.left.length > 0 ? [t("left", { count: report.left.length })] : []),
  ];
  return (
    <div role="status" className="flex items-start gap-2">
      <div className="grid min-w-0 flex-1 gap-1">
        <p className={report.left.length > 0 ? "font-medium text-warn" : "font-medium text-ok"}>
          {sums.join(" · ")}
        </p>
        {report.left.length > 0 && (
          <ul className="max-h-40 overflow-auto text-sm" tabIndex={0} aria-label={t("why")}>
            {report.left.map((one) => (
              <li key={String(one.id)}>
                <span className="font-medium">{one.name}</span> —{" "}
                {one.outcome === "refused" ? one.detail : t("reason", { outcome: one.outcome })}
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
