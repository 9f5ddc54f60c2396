// Shifts: what was in the drawer, what should have been, and the sales in between.
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { ShiftOut } from "@/api";
import { buttonStyle } from "@/ui/button";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge, Dot, SkeletonRows } from "@/ui/marks";
import { Money } from "@/ui/money";
import { Page } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import { useShifts, useShopMoment } from "./queries";

export function ShiftsPage() {
  const t = useTranslations("sales");
  const { register } = useSearch({ from: "/guarded/shell/shifts" });
  const moment = useShopMoment();
  const shifts = useShifts(register);
  const rows = shifts.data?.pages.flatMap((page) => page.items) ?? [];
  const money = (shift: ShiftOut, minor: number | null) =>
    minor === null ? "—" : <Money minor={minor} currency={shift.currency} />;
  const columns: Column<ShiftOut>[] = [
    {
      key: "register",
      title: t("register"),
      cell: (shift) => (
        <>
          <span className="font-medium">{shift.register_name}</span>
          <span className="block text-sm text-ink-3">{shift.store_name}</span>
        </>
      ),
    },
    {
      key: "opened",
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
    { key: "float", title: t("float"), isNumber: true, cell: (shift) => money(shift, shift.float_minor) },
    {
      key: "expected",
      title: t("expected"),
      isNumber: true,
      cell: (shift) => money(shift, shift.expected_minor),
    },
    {
      key: "counted",
      title: t("counted"),
      isNumber: true,
      cell: (shift) => money(shift, shift.counted_minor),
    },
    {
      key: "difference",
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
  ];
  return (
    <Page
      title={t("shifts")}
      actions={
        <Link to="/sales" className={buttonStyle()}>
          {t("title")}
        </Link>
      }
    >
      {shifts.isError ? (
        <ErrorState failure={shifts.error} onRetry={() => void shifts.refetch()} />
      ) : shifts.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <EmptyState title={t("noShifts")}>{t("noShiftsHint")}</EmptyState>
      ) : (
        <div className="overflow-x-auto">
          <ListTable label={t("shifts")} columns={columns} rows={rows} keyOf={(shift) => shift.id} />
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
