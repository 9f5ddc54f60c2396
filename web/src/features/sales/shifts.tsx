// Shifts: what was in the drawer, what should have been, and the sales in between.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { shiftsOf } from "@/addresses";
import type { ShiftOut } from "@/api";
import { buttonStyle } from "@/ui/button";
import { Columns } from "@/ui/columns";
import { readHidden, shownKeys, writeHidden } from "@/ui/columns-state";
import { ExportLink } from "@/ui/export-link";
import { type Filter, FilterChips } from "@/ui/filters";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge, Dot, SkeletonRows } from "@/ui/marks";
import { Money } from "@/ui/money";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import { shiftsExport, type ShiftsSearch } from "./list-state";
import { useShifts, useShopMoment } from "./queries";

export function ShiftsPage() {
  const t = useTranslations("sales");
  const r = useTranslations("refunds");
  const search = useSearch({ from: "/guarded/shell/shifts" });
  const navigate = useNavigate({ from: "/shifts" });
  const { register } = search;
  const moment = useShopMoment();
  const shifts = useShifts(register);
  const rows = shifts.data?.pages.flatMap((page) => page.items) ?? [];
  const total = shifts.data?.pages[0]?.total;
  const change = (next: ShiftsSearch) =>
    void navigate({
      search: Object.fromEntries(
        Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined),
      ),
      replace: true,
    });
  const money = (shift: ShiftOut, minor: number | null) =>
    minor === null ? "—" : <Money minor={minor} currency={shift.currency} />;
  const columns: (Column<ShiftOut> & { label: string })[] = [
    {
      key: "register",
      label: t("register"),
      title: t("register"),
      cell: (shift) => (
        <>
          <button
            type="button"
            className="min-h-6 font-medium"
            title={t("onlyRegister", { name: shift.register_name })}
            onClick={() => change({ register: shift.register_id })}
          >
            {shift.register_name}
          </button>
          <span className="block text-sm text-ink-3">{shift.store_name}</span>
        </>
      ),
    },
    {
      key: "opened",
      label: t("opened"),
      title: t("opened"),
      cell: (shift) => (
        <>
          {moment(shift.opened_at)}
          <span className="block text-sm text-ink-3">{shift.opened_by_name}</span>
        </>
      ),
    },
    {
      key: "closed",
      label: t("closed"),
      title: t("closed"),
      cell: (shift) =>
        shift.closed_at === null ? (
          <Badge tone="ok">
            <Dot />
            {t("stillOpen")}
          </Badge>
        ) : (
          <>
            {moment(shift.closed_at)}
            <span className="block text-sm text-ink-3">{shift.closed_by_name}</span>
          </>
        ),
    },
    {
      key: "float",
      label: t("float"),
      title: t("float"),
      isNumber: true,
      cell: (shift) => money(shift, shift.float_minor),
    },
    {
      key: "expected",
      label: t("expected"),
      title: t("expected"),
      isNumber: true,
      cell: (shift) => money(shift, shift.expected_minor),
    },
    {
      key: "counted",
      label: t("counted"),
      title: t("counted"),
      isNumber: true,
      cell: (shift) => money(shift, shift.counted_minor),
    },
    {
      key: "difference",
      label: t("difference"),
      title: t("difference"),
      isNumber: true,
      cell: (shift) => (
        <span className={shift.difference_minor ? "text-warn" : ""}>
          {money(shift, shift.difference_minor)}
        </span>
      ),
    },
    {
      key: "takings",
      label: t("takings"),
      title: t("takings"),
      isNumber: true,
      cell: (shift) => (
        <Link
          to="/sales"
          search={{ shift: shift.id }}
          className="hit text-accent underline"
          title={t("seeSales")}
        >
          {money(shift, shift.takings_minor)}
          <span className="block text-sm">{t("count", { count: shift.sales_count })}</span>
        </Link>
      ),
    },
    {
      key: "refunds",
      label: r("givenBack"),
      title: r("givenBack"),
      isNumber: true,
      cell: (shift) =>
        shift.refunds_count === 0 ? (
          "—"
        ) : (
          <Link
            to="/refunds"
            search={{ shift: shift.id }}
            className="hit text-accent underline"
            title={r("seeRefunds")}
          >
            {money(shift, shift.refunded_minor)}
            <span className="block text-sm">{r("count", { count: shift.refunds_count })}</span>
          </Link>
        ),
    },
  ];
  const hidden = readHidden(search.columns);
  const name = rows.find((shift) => shift.register_id === register)?.register_name ?? t("register");
  const filters: Filter[] =
    register === undefined
      ? []
      : [{ key: "register", label: name, onRemove: () => change({ register: undefined }) }];
  return (
    <Page
      title={t("shifts")}
      badge={total !== undefined && <Badge>{t("countShifts", { count: total })}</Badge>}
      actions={
        <Link to="/sales" className={buttonStyle()}>
          {t("title")}
        </Link>
      }
    >
      <div className="flex flex-wrap items-center gap-2 px-6 py-3">
        <FilterChips filters={filters} />
        <div className="flex-1" />
        <Columns
          columns={columns}
          hidden={hidden}
          onChange={(next) => change({ columns: writeHidden(next) })}
        />
        <ExportLink href={shiftsOf(shiftsExport(search, shownKeys(columns, hidden)))} />
      </div>
      {shifts.isError ? (
        <ErrorState failure={shifts.error} onRetry={() => void shifts.refetch()} />
      ) : shifts.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <EmptyState title={t("noShifts")}>{t("noShiftsHint")}</EmptyState>
      ) : (
        <div className="overflow-x-auto">
          <ListTable
            label={t("shifts")}
            columns={columns.map((column) => ({ ...column, isHidden: hidden.has(column.key) }))}
            rows={rows}
            keyOf={(shift) => shift.id}
          />
          <NextPage
            hasMore={shifts.hasNextPage}
            isLoading={shifts.isFetchingNextPage}
            onMore={() => void shifts.fetchNextPage()}
          />
        </div>
      )}
    </Page>
  );
}
