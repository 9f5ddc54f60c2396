// The audit trail: who did what, newest first, with each entry beside the list.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { EntryOut } from "@/api";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import { EntryPanel } from "./entry-panel";
import { Filters } from "./filters";
import { useEntries } from "./queries";
import { type AuditSearch, defined } from "./search";
import { useWords } from "./words";

export function AuditPage() {
  const t = useTranslations("audit");
  const search = useSearch({ from: "/guarded/shell/settings/audit" });
  const navigate = useNavigate({ from: "/settings/audit" });
  const entries = useEntries(search);
  const rows = entries.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (next: AuditSearch) =>
    void navigate({ search: defined({ ...search, ...next, entry: undefined }), replace: true });
  const open = (entry: string | undefined) => void navigate({ search: defined({ ...search, entry }) });
  const columns = useColumns(change, open);
  return (
    <Page
      title={t("title")}
      panel={
        search.entry !== undefined && <EntryPanel entryId={search.entry} onClose={() => open(undefined)} />
      }
    >
      <Filters search={search} onChange={change} />
      {entries.isError ? (
        <ErrorState failure={entries.error} onRetry={() => void entries.refetch()} />
      ) : entries.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>
      ) : (
        <>
          <ListTable
            label={t("title")}
            columns={columns}
            rows={rows}
            keyOf={(entry) => entry.id}
            selected={search.entry}
            onOpen={(entry) => open(entry.id)}
          />
          <NextPage
            hasMore={entries.hasNextPage}
            isLoading={entries.isFetchingNextPage}
            onMore={() => void entries.fetchNextPage()}
          />
        </>
      )}
    </Page>
  );
}

function useColumns(change: (next: AuditSearch) => void, open: (id: string) => void): Column<EntryOut>[] {
  const t = useTranslations("audit");
  const words = useWords();
  const moment = useMoment();
  return [
    { key: "when", title: t("when"), cell: (entry) => moment(entry.happened_at) },
    {
      key: "act",
      title: t("act"),
      cell: (entry) => (
        <button
          type="button"
          className="hit text-start font-medium"
          onClick={(event) => {
            event.stopPropagation();
            open(entry.id);
          }}
        >
          {words.act(entry.act)}
        </button>
      ),
    },
    { key: "thing", title: t("thing"), cell: (entry) => words.thing(entry.object_type) },
    {
      key: "who",
      title: t("who"),
      cell: (entry) => {
        const name = words.actor(entry.actor);
        const { id } = entry.actor;
        return id === null ? (
          <span className="text-ink-2">{name}</span>
        ) : (
          <button
            type="button"
            className="hit text-start"
            title={t("onlyBy", { name })}
            onClick={(event) => {
              event.stopPropagation();
              change({ actor: id, name });
            }}
          >
            {name}
          </button>
        );
      },
    },
    {
      key: "address",
      title: t("address"),
      cell: (entry) => <span className="tabular text-ink-2">{entry.actor.address ?? "—"}</span>,
    },
  ];
}
