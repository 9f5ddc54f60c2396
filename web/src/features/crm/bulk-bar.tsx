// One change to every contact that is picked in the list, and what became of it; or a file of them.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Merge, X } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { Button, buttonStyle, IconButton } from "@/ui/button";
import { inputStyle } from "@/ui/field";
import { Refusal, useExplained } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { ExportMenu } from "./export-menu";
import type { Wanted } from "./list-state";
import { MOST_MERGED } from "./merging";
import { GiveSelect } from "./owner";
import {
  type BulkReport,
  type Change,
  changedOf,
  changePicked,
  MOST_AT_ONCE,
  type Picks,
  reportOf,
  reversed,
} from "./picks";
import { refresh } from "./queries";

interface BulkBarProps {
  picks: Picks;
  sort: Wanted["sort"];
  isAway: boolean;
  onPicks: (picks: Picks) => void;
}

export function BulkBar({ picks, sort, isAway, onPicks }: BulkBarProps) {
  const t = useTranslations("crm");
  const { may } = useSession();
  const client = useQueryClient();
  const toast = useToast();
  const explained = useExplained();
  const [report, setReport] = useState<BulkReport | null>(null);
  const takeBack = useMutation({
    mutationFn: ({ done, wanted }: { done: Picks; wanted: Change }) => changePicked(done, wanted),
    onSuccess: () => {
      setReport(null);
      toast(t("takenBack"));
    },
    onError: (failure) => toast(explained(failure).text, "bad"),
    onSettled: () => refresh(client),
  });
  const change = useMutation({
    mutationFn: (wanted: Change) => changePicked(picks, wanted),
    onMutate: () => setReport(null),
    onSuccess: (items, wanted) => {
      const found = reportOf(picks, items);
      setReport(found);
      const done = changedOf(picks, items);
      if (done.size > 0)
        toast(
          t("bulkChanged", { count: done.size }),
          "plain",
          wanted.kind === "give" ? undefined : () => takeBack.mutate({ done, wanted: reversed(wanted) }),
        );
    },
    // After a break some may be changed and some not; the list shows what is.
    onSettled: () => refresh(client),
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
          <MergeLink picks={picks} />
          <GiveSelect label={t("give")} onGive={(owner_id) => change.mutate({ kind: "give", owner_id })} />
          <LabelForm onChange={(wanted) => change.mutate(wanted)} />
          {/* What was just put away is still picked, so that it can be taken back at once. */}
          {!isAway && <Button onClick={() => change.mutate({ kind: "archive" })}>{t("archive")}</Button>}
          <Button onClick={() => change.mutate({ kind: "unarchive" })}>{t("unarchive")}</Button>
          {may("crm.export") &&
            (picks.size > MOST_AT_ONCE ? (
              <p className="text-sm text-ink-2">{t("tooManyForFile", { most: MOST_AT_ONCE })}</p>
            ) : (
              <ExportMenu wanted={{ id: [...picks.keys()], sort }} />
            ))}
        </fieldset>
      )}
    </section>
  );
}

/** Two or more can be made one. */
function MergeLink({ picks }: { picks: Picks }) {
  const t = useTranslations("merge");
  if (picks.size < 2) return null;
  const isMany = picks.size > MOST_MERGED;
  const look = <Merge size={15} aria-hidden />;
  return isMany ? (
    <Button disabled title={t("pickHint", { most: MOST_MERGED })}>
      {look}
      {t("pick")}
    </Button>
  ) : (
    <Link to="/contacts/merge" search={{ ids: [...picks.keys()].join() }} className={buttonStyle()}>
      {look}
      {t("pick")}
    </Link>
  );
}

function LabelForm({ onChange }: { onChange: (change: Change) => void }) {
  const t = useTranslations("crm");
  const [text, setText] = useState("");
  const [kind, setKind] = useState<"tag" | "group">("tag");
  const name = text.trim();
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== "") onChange({ kind: kind === "tag" ? "add_tag" : "add_group", name });
      }}
    >
      <select
        aria-label={t("labels")}
        className="min-h-9 rounded-lg border border-edge bg-panel px-2"
        value={kind}
        onChange={(event) => setKind(event.target.value === "group" ? "group" : "tag")}
      >
        <option value="tag">{t("tag")}</option>
        <option value="group">{t("group")}</option>
      </select>
      <input
        aria-label={t("labelName")}
        placeholder={t("labelName")}
        maxLength={100}
        className={`${inputStyle()} max-w-36`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={name === ""}>
        {t("putOn")}
      </Button>
      <Button
        disabled={name === ""}
        onClick={() => onChange({ kind: kind === "tag" ? "remove_tag" : "remove_group", name })}
      >
        {t("takeAway")}
      </Button>
    </form>
  );
}

function Report({ report, onClose }: { report: BulkReport; onClose: () => void }) {
  const t = useTranslations("crm");
  const common = useTranslations("common");
  const { changed, unchanged, left } = report;
  const sums = [
    t("bulkChanged", { count: changed }),
    ...(unchanged > 0 ? [t("bulkUnchanged", { count: unchanged })] : []),
    ...(left.length > 0 ? [t("bulkLeft", { count: left.length })] : []),
  ];
  return (
    <div role="status" className="flex items-start gap-2">
      <div className="grid min-w-0 flex-1 gap-1">
        <p className={left.length > 0 ? "font-medium text-warn" : "font-medium text-ok"}>
          {sums.join(" · ")}
        </p>
        {left.length > 0 && (
          <ul className="max-h-40 overflow-auto text-sm" tabIndex={0} aria-label={t("bulkWhy")}>
            {left.map((one) => (
              <li key={one.id}>
                <span className="font-medium">{one.name}</span> —{" "}
                {one.outcome === "refused" ? one.detail : t("bulkGone")}
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
