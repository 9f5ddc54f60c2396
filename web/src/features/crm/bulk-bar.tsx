// One change to every contact that is picked in the list, and what became of it; or a file of them.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Merge } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { MOST_AT_ONCE, type Picks } from "@/ui/bulk";
import { BulkBar, useBulk } from "@/ui/bulk-bar";
import { Button, buttonStyle } from "@/ui/button";
import { inputStyle } from "@/ui/field";
import { useExplained } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { ExportMenu } from "./export-menu";
import type { Wanted } from "./list-state";
import { MOST_MERGED } from "./merging";
import { GiveSelect } from "./owner";
import { type Change, changedOf, changePicked, reversed } from "./picks";
import { refresh } from "./queries";

interface ContactsBarProps {
  picks: Picks;
  sort: Wanted["sort"];
  isAway: boolean;
  onPicks: (picks: Picks) => void;
}

export function ContactsBar({ picks, sort, isAway, onPicks }: ContactsBarProps) {
  const t = useTranslations("crm");
  const { may } = useSession();
  const client = useQueryClient();
  const toast = useToast();
  const explained = useExplained();
  const { bar, forget, tell } = useBulk(picks, onPicks);
  const takeBack = useMutation({
    mutationFn: ({ done, wanted }: { done: Picks; wanted: Change }) => changePicked(done, wanted),
    onSuccess: () => {
      forget();
      toast(t("takenBack"));
    },
    onError: (failure) => toast(explained(failure).text, "bad"),
    onSettled: () => refresh(client),
  });
  const change = useMutation({
    mutationFn: (wanted: Change) => changePicked(picks, wanted),
    onMutate: forget,
    onSuccess: (items, wanted) => {
      tell(items);
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
  return (
    <BulkBar
      label={t("bulk")}
      picked={t("picked", { count: picks.size })}
      {...bar}
      isBusy={change.isPending}
      failure={change.error}
    >
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
    </BulkBar>
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
