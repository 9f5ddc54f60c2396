// A short table of figures; on a narrow screen it moves sideways by itself.
import type { ReactNode } from "react";

export interface Field<Row> {
  title: string;
  isNumber?: boolean;
  cell: (row: Row) => ReactNode;
}

interface FiguresProps<Row> {
  label: string;
  fields: readonly Field<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** It needs more room than a phone has. */
  isWide?: boolean;
}

export function Figures<Row>({ label, fields, rows, keyOf, isWide = false }: FiguresProps<Row>) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table aria-label={label} className={`w-full text-sm ${isWide ? "max-md:min-w-2xl" : ""}`}>
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
