// The columns of the list of contacts; a phone has one, with the most needed under the name.
import { useTranslations } from "use-intl";

import type { ContactRowOut } from "@/api";
import { useShopMoment } from "@/features/sales/queries";
import type { Column } from "@/ui/list";
import { SortHead } from "@/ui/sort-head";

import { Labels } from "./label";
import type { Search } from "./list-state";

type ContactColumn = Column<ContactRowOut> & { label: string };

export function useColumns(
  search: Search,
  isNarrow: boolean,
  change: (next: Search) => void,
): ContactColumn[] {
  const t = useTranslations("crm");
  const moment = useShopMoment();
  const sorted = (label: string, up: string, down?: string) => (
    <SortHead
      label={label}
      title={t("sortBy", { column: label })}
      first={up}
      second={down}
      sort={search.sort}
      onSort={(sort) => change({ sort })}
    />
  );
  const plain = (key: "phone" | "email", wrapping: string): ContactColumn => ({
    key,
    label: t(key),
    title: t(key),
    cell: (row) => <bdi className={`tabular text-ink-2 ${wrapping}`}>{row[key] ?? "—"}</bdi>,
  });
  const name: ContactColumn = {
    key: "name",
    label: t("field", { field: "name" }),
    title: sorted(t("field", { field: "name" }), "name", "-name"),
    cell: (row) => (
      <>
        <button
          type="button"
          className="hit text-start font-medium break-words"
          onClick={(event) => {
            event.stopPropagation();
            change({ contact: row.id });
          }}
        >
          {row.name}
        </button>
        <Under row={row} isNarrow={isNarrow} />
      </>
    ),
  };
  if (isNarrow) return [name];
  return [
    name,
    {
      key: "company",
      label: t("field", { field: "company" }),
      title: sorted(t("field", { field: "company" }), "company"),
      cell: (row) => <span className="break-words">{row.company_name ?? "—"}</span>,
    },
    plain("phone", "whitespace-nowrap"),
    plain("email", "break-words"),
    {
      key: "labels",
      label: t("labels"),
      title: t("labels"),
      cell: (row) => <Labels tags={row.tags} groups={row.groups} />,
    },
    {
      key: "changed",
      label: t("changed"),
      title: sorted(t("changed"), "-updated_at"),
      cell: (row) => <span className="text-ink-2">{moment(row.updated_at)}</span>,
    },
    {
      key: "added",
      label: t("added"),
      title: sorted(t("added"), "-created_at"),
      cell: (row) => <span className="text-ink-2">{moment(row.created_at)}</span>,
    },
  ];
}

function Under({ row, isNarrow }: { row: ContactRowOut; isNarrow: boolean }) {
  const t = useTranslations("crm");
  const kind = row.kind === "company" ? t("kindName", { kind: "company" }) : null;
  const parts = isNarrow
    ? [kind, row.title, row.company_name, row.phone, row.phone === null ? row.email : null]
    : [kind, row.title];
  const text = parts.filter((one) => one !== null && one !== "").join(" · ");
  return (
    <>
      {text !== "" && <span className="block text-sm break-words text-ink-3">{text}</span>}
      {isNarrow && <Labels tags={row.tags} groups={row.groups} />}
    </>
  );
}
