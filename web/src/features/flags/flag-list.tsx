// All switches: what each switches, what holds where no rule fits, and how many rules there are.
import { useTranslations } from "use-intl";

import type { FlagOut } from "@/api";
import { type Column, ListTable } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { ErrorState } from "@/ui/states";

import type { useFlags } from "./queries";
import { useSaid } from "./said";

interface FlagListProps {
  flags: ReturnType<typeof useFlags>;
  selected: string | undefined;
  onOpen: (key: string) => void;
}

export function FlagList({ flags, selected, onOpen }: FlagListProps) {
  const t = useTranslations("flags");
  const columns = useColumns(onOpen);
  if (flags.isError) return <ErrorState failure={flags.error} onRetry={() => void flags.refetch()} />;
  if (flags.isPending) return <SkeletonRows />;
  return (
    <ListTable
      label={t("title")}
      columns={columns}
      rows={flags.data.items}
      keyOf={(flag) => flag.key}
      selected={selected}
      onOpen={(flag) => onOpen(flag.key)}
    />
  );
}

function useColumns(open: (key: string) => void): Column<FlagOut>[] {
  const t = useTranslations("flags");
  const said = useSaid();
  const moment = useMoment();
  return [
    {
      key: "name",
      title: t("name"),
      cell: (flag) => (
        <>
          <button
            type="button"
            className="hit block text-start font-medium break-words"
            onClick={(event) => {
              event.stopPropagation();
              open(flag.key);
            }}
          >
            {said(flag.says)}
          </button>
          <code className="text-xs text-ink-3" translate="no">
            {flag.key}
          </code>
        </>
      ),
    },
    {
      key: "now",
      title: t("now"),
      cell: (flag) => {
        const value = flag.otherwise ?? flag.default;
        return (
          <Badge tone={value === flag.default ? "plain" : "warn"}>
            {t("value", { value: String(value) })}
          </Badge>
        );
      },
    },
    {
      key: "rules",
      title: t("rules"),
      cell: (flag) => (
        <span className="tabular whitespace-nowrap text-ink-2">
          {t("ruleCount", { count: flag.rules.length })}
        </span>
      ),
    },
    {
      key: "changed",
      title: t("changed"),
      cell: (flag) => (
        <span className="whitespace-nowrap text-ink-2">
          {flag.changed_at === null ? t("never") : moment(flag.changed_at)}
        </span>
      ),
    },
  ];
}
