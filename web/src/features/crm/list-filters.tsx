// What narrows the list of contacts down.
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { Columns } from "@/ui/columns";
import { writeHidden } from "@/ui/columns-state";
import { FilterChips } from "@/ui/filters";
import { Chip } from "@/ui/marks";
import { SearchBox } from "@/ui/search-box";

import { AWAY, GAPS, KINDS, type Search, wantedOf } from "./list-state";
import { OwnerFilter } from "./owner";
import { useLabels } from "./queries";

interface ListFiltersProps {
  search: Search;
  columns: readonly { key: string; label: string }[];
  hidden: ReadonlySet<string>;
  change: (next: Search) => void;
}

const SELECT = "min-h-9 max-w-48 min-w-0 rounded-lg border border-edge bg-panel px-2 text-ink-2";

export function ListFilters({ search, columns, hidden, change }: ListFiltersProps) {
  const t = useTranslations("crm");
  const { may } = useSession();
  return (
    <div className="flex flex-wrap items-center gap-2 px-6 py-3">
      <SearchBox
        key={search.q === undefined ? "empty" : "filled"}
        label={t("search")}
        value={search.q}
        onChange={(q) => change({ q })}
      />
      <select
        aria-label={t("who")}
        className={SELECT}
        value={search.kind ?? ""}
        onChange={(event) => change({ kind: event.target.value || undefined })}
      >
        <option value="">{t("everybody")}</option>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t("only", { kind })}
          </option>
        ))}
      </select>
      <OwnerFilter search={search} change={change} />
      <select
        aria-label={t("missing")}
        className={SELECT}
        value={search.missing ?? ""}
        onChange={(event) => change({ missing: event.target.value || undefined })}
      >
        <option value="">{t("missing")}</option>
        {GAPS.filter((what) => what === "company" || may("crm.see_personal")).map((what) => (
          <option key={what} value={what}>
            {t("without", { what })}
          </option>
        ))}
      </select>
      {columns.length > 1 && (
        <Columns
          columns={columns}
          hidden={hidden}
          onChange={(next) => change({ columns: writeHidden(next) })}
        />
      )}
      <Chip
        isOn={search.only === AWAY}
        onClick={() => change({ only: search.only === AWAY ? undefined : AWAY })}
      >
        {t("away")}
      </Chip>
      <LabelFilter change={change} />
      <LabelChips search={search} change={change} />
    </div>
  );
}

function LabelFilter({ change }: Pick<ListFiltersProps, "change">) {
  const t = useTranslations("crm");
  const labels = useLabels().data?.items ?? [];
  // It has its place at the end of the line before it is known whether there are any: the list below must not move.
  return (
    <select
      aria-label={t("labels")}
      className={`${SELECT} w-44 ${labels.length === 0 ? "invisible" : ""}`}
      value=""
      onChange={(event) => {
        const one = labels.find((label) => label.id === event.target.value);
        if (one !== undefined) change(one.kind === "tag" ? { tag: one.id } : { group: one.id });
      }}
    >
      <option value="">{t("labels")}</option>
      {(["group", "tag"] as const)
        .filter((kind) => labels.some((label) => label.kind === kind))
        .map((kind) => (
          <optgroup key={kind} label={t("field", { field: `${kind}s` })}>
            {labels
              .filter((label) => label.kind === kind)
              .map((label) => (
                <option key={label.id} value={label.id}>
                  {label.count === null ? label.name : t("counted", { name: label.name, count: label.count })}
                </option>
              ))}
          </optgroup>
        ))}
    </select>
  );
}

function LabelChips({ search, change }: Pick<ListFiltersProps, "search" | "change">) {
  const t = useTranslations("crm");
  const labels = useLabels();
  const wanted = wantedOf(search);
  const filters = (["group", "tag"] as const).flatMap((kind) => {
    const { [kind]: id } = wanted;
    if (id === null) return [];
    // A tag may have been deleted since the address was kept.
    const unknown = labels.isPending ? "…" : t("unknownLabel");
    const name = labels.data?.items.find((label) => label.id === id)?.name ?? unknown;
    return [
      { key: kind, label: t("withLabel", { kind, name }), onRemove: () => change({ [kind]: undefined }) },
    ];
  });
  return <FilterChips filters={filters} />;
}
