// Tables of records: a head that stays, rows that open, and the next page when the end comes into sight.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";

import { Button } from "./button";

export interface Column<Row> {
  key: string;
  title: ReactNode;
  isNumber?: boolean;
  isHidden?: boolean;
  cell: (row: Row) => ReactNode;
}

interface ListTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  selected?: string | undefined;
  onOpen?: (row: Row) => void;
  /** Rows may be picked, each and all at once. */
  picking?: Picking<Row> | undefined;
}

export interface Picking<Row> {
  isPicked: (row: Row) => boolean;
  onPick: (rows: readonly Row[], isPicked: boolean) => void;
  label: (row: Row) => string;
  allLabel: string;
}

const ROW_HEIGHT = 57;
const OVERSCAN = 15;

/** Only the rows in sight are drawn; the page's scrolling element is marked with `data-scroll`. */
export function ListTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  selected,
  onOpen,
  picking,
}: ListTableProps<Row>) {
  const visible = columns.filter((column) => column.isHidden !== true);
  const shown = picking === undefined ? visible : [pickColumn(rows, picking), ...visible];
  const table = useRef<HTMLTableElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called here and passed to no memo
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => table.current?.closest<HTMLElement>("[data-scroll]") ?? null,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => keyOf(rows[index] as Row),
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <table ref={table} aria-label={label} aria-rowcount={rows.length} className="w-full border-collapse">
      <thead className="sticky top-0 z-10 bg-bg">
        <tr>
          {shown.map((column) => (
            <th
              key={column.key}
              scope="col"
              className={`border-b border-line px-4 py-2 text-xs font-medium text-ink-3 ${column.isNumber ? "text-end whitespace-nowrap" : "text-start"}`}
            >
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {before > 0 && <Gap height={before} span={shown.length} />}
        {items.map((item) => {
          const row = rows[item.index] as Row;
          const isSelected = selected === keyOf(row);
          return (
            <tr
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={`border-b border-line-2 ${isSelected ? "bg-accent-soft" : "hover:bg-line-2"} ${onOpen ? "cursor-pointer" : ""}`}
              onClick={onOpen && (() => onOpen(row))}
            >
              {shown.map((column) => (
                <td
                  key={column.key}
                  className={`px-4 py-2.5 align-top ${column.isNumber ? "num whitespace-nowrap" : ""}`}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
        {after > 0 && <Gap height={after} span={shown.length} />}
      </tbody>
    </table>
  );
}

/** The column of boxes; the one in the head picks what is loaded, and shows whether some, all or none are picked. */
function pickColumn<Row>(
  rows: readonly Row[],
  { isPicked, onPick, label, allLabel }: Picking<Row>,
): Column<Row> {
  const count = rows.filter(isPicked).length;
  return {
    key: "pick",
    title: (
      <PickBox
        label={allLabel}
        isPicked={count > 0 && count === rows.length}
        isPartly={count > 0 && count < rows.length}
        onPick={(picked) => onPick(rows, picked)}
      />
    ),
    cell: (row) => (
      <PickBox label={label(row)} isPicked={isPicked(row)} onPick={(picked) => onPick([row], picked)} />
    ),
  };
}

export interface PickBoxProps {
  label: string;
  isPicked: boolean;
  isPartly?: boolean;
  onPick: (isPicked: boolean) => void;
}

export function PickBox({ label, isPicked, isPartly = false, onPick }: PickBoxProps) {
  return (
    <label className="-m-2 inline-block p-2" onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        aria-label={label}
        className="size-4 align-middle"
        checked={isPicked}
        ref={(box) => {
          if (box !== null) box.indeterminate = isPartly;
        }}
        onChange={(event) => onPick(event.target.checked)}
      />
    </label>
  );
}

function Gap({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height, padding: 0 }} />
    </tr>
  );
}

/** Ask for the next page when this comes into sight, or when the button is pressed. */
export function NextPage({
  hasMore,
  isLoading,
  onMore,
}: {
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}) {
  const t = useTranslations("common");
  const mark = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    const element = mark.current;
    if (element === null || !hasMore || isLoading) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: "400px" },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [hasMore, isLoading]);
  if (!hasMore) return null;
  return (
    <div ref={mark} className="grid justify-items-center p-4">
      <Button kind="quiet" onClick={onMore} isBusy={isLoading}>
        {t("more")}
      </Button>
    </div>
  );
}
