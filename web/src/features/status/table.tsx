// A short table of figures; on a phone each row is a block of its own, so that nothing moves sideways.
import type { ReactNode } from "react";

import { useNarrow } from "@/ui/narrow";

export interface Field<Row> {
  title: string;
  isNumber?: boolean;
  cell: (row: Row) => ReactNode;
}

interface FiguresProps<Row> {
  label: string;
  /** The first one says what the row is of. */
  fields: readonly Field<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}

export function Figures<Row>(props: FiguresProps<Row>) {
  const isNarrow = useNarrow();
  return isNarrow ? <Blocks {...props} /> : <Table {...props} />;
}

function Table<Row>({ label, fields, rows, keyOf }: FiguresProps<Row>) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table aria-label={label} className="w-full text-sm">
        <thead>
          <tr>
            {fields.map(({ title, isNumber }) => (
              <th
                key={title}
                scope="col"
                className={`border-b border-line pe-4 pb-1 text-xs font-medium text-ink-3 last:pe-0 ${isNumber ? "text-end whitespace-nowrap" : "text-start"}`}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line-2 last:border-b-0">
              {fields.map(({ title, isNumber, cell }) => (
                <td
                  key={title}
                  className={`py-1.5 pe-4 align-top last:pe-0 ${isNumber ? "num whitespace-nowrap" : ""}`}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Blocks<Row>({ label, fields, rows, keyOf }: FiguresProps<Row>) {
  const [first, ...others] = fields;
  return (
    <ul aria-label={label} className="grid text-sm">
      {rows.map((row) => (
        <li key={keyOf(row)} className="grid gap-1 border-b border-line-2 py-2.5 first:pt-0 last:border-b-0">
          <div className="min-w-0 font-medium">{first?.cell(row)}</div>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5">
            {others.map(({ title, isNumber, cell }) => (
              <div key={title} className="contents">
                <dt className="text-ink-3">{title}</dt>
                <dd className={`min-w-0 text-end ${isNumber ? "tabular-nums" : ""}`}>{cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
