// The errors in one state, those first that came last; they can be picked and dealt with together.
import { useState } from "react";
import { useFormatter, useNow, useTranslations } from "use-intl";

import type { ErrorOut } from "@/api";
import { kept, pick, type Picks } from "@/ui/bulk";
import { BulkBar, useBulk } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useNarrow } from "@/ui/narrow";
import { EmptyState, ErrorState } from "@/ui/states";

import { type Act, useActOnMany, useErrors } from "./queries";
import { ACTS, nameOf, type Role, shortPlace, type State } from "./search";

interface ErrorListProps {
  state: State;
  role: Role | undefined;
  selected: string | undefined;
  onOpen: (id: string) => void;
}

export function ErrorList({ state, role, selected, onOpen }: ErrorListProps) {
  const t = useTranslations("errors");
  const bulk = useTranslations("bulk");
  const [picks, setPicks] = useState<Picks>(new Map());
  const errors = useErrors(state, role);
  const columns = useColumns(onOpen);
  const rows = errors.data?.pages.flatMap((page) => page.items) ?? [];
  if (errors.isError) return <ErrorState failure={errors.error} onRetry={() => void errors.refetch()} />;
  if (errors.isPending) return <SkeletonRows />;
  if (rows.length === 0)
    return <EmptyState title={t("none", { state })}>{t("noneHint", { state })}</EmptyState>;
  const asPick = (error: ErrorOut) => ({ ...error, name: nameOf(error) });
  return (
    <>
      <ListTable
        label={t("view", { state })}
        columns={columns}
        rows={rows}
        keyOf={(error) => error.id}
        selected={selected}
        onOpen={(error) => onOpen(error.id)}
        picking={{
          isPicked: (error) => picks.has(error.id),
          onPick: (some, isPicked) => setPicks(pick(picks, some.map(asPick), isPicked)),
          label: (error) => bulk("pick", { name: nameOf(error) }),
          allLabel: bulk("pickAll"),
        }}
      />
      <NextPage
        hasMore={errors.hasNextPage}
        isLoading={errors.isFetchingNextPage}
        onMore={() => void errors.fetchNextPage()}
      />
      {/* One that is in another state by now is not in this list any more. */}
      <ErrorsBar state={state} picks={kept(picks, rows)} onPicks={setPicks} />
    </>
  );
}

interface ErrorsBarProps {
  state: State;
  picks: Picks;
  onPicks: (picks: Picks) => void;
}

function ErrorsBar({ state, picks, onPicks }: ErrorsBarProps) {
  const t = useTranslations("errors");
  const { bar, forget, tell } = useBulk(picks, onPicks);
  const many = useActOnMany();
  const act = (what: Act) => {
    forget();
    many.mutate({ picks, act: what }, { onSuccess: tell });
  };
  return (
    <BulkBar {...bar} isBusy={many.isPending} failure={many.error}>
      {ACTS[state].map((what) => (
        <Button key={what} onClick={() => act(what)}>
          {t("act", { act: what })}
        </Button>
      ))}
    </BulkBar>
  );
}

function useColumns(onOpen: (id: string) => void): Column<ErrorOut>[] {
  const t = useTranslations("errors");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  // On a phone all of it is in the first column.
  const isNarrow = useNarrow();
  return [
    {
      key: "what",
      title: t("error"),
      cell: (error) => (
        <>
          <button
            type="button"
            translate="no"
            className="hit text-start font-medium break-words"
            onClick={(event) => {
              event.stopPropagation();
              onOpen(error.id);
            }}
          >
            {nameOf(error)}
          </button>
          <span className="block text-sm break-all text-ink-2" translate="no" title={error.place}>
            {shortPlace(error.place)}
          </span>
          {isNarrow && (
            <span className="block text-sm text-ink-2">
              {[
                t("part", { role: error.role }),
                t("timesShort", { count: error.count }),
                format.relativeTime(new Date(error.last_at), now),
              ].join(" · ")}
            </span>
          )}
          {error.state === "open" && error.returns > 0 && <Badge tone="bad">{t("cameAgain")}</Badge>}
        </>
      ),
    },
    {
      key: "part",
      title: t("partTitle"),
      isHidden: isNarrow,
      cell: (error) => t("part", { role: error.role }),
    },
    {
      key: "count",
      title: t("count"),
      isNumber: true,
      isHidden: isNarrow,
      cell: (error) => <span className="tabular">{format.number(error.count)}</span>,
    },
    {
      key: "last",
      title: t("last"),
      isHidden: isNarrow,
      cell: (error) => (
        <span className="whitespace-nowrap text-ink-2">
          {format.relativeTime(new Date(error.last_at), now)}
        </span>
      ),
    },
    {
      key: "release",
      title: t("release"),
      isHidden: isNarrow,
      cell: (error) => (
        <span className="tabular text-ink-2" translate="no">
          {error.last_release}
        </span>
      ),
    },
  ];
}
