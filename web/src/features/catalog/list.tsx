// The catalogue: every variant, searched and sorted by the program; details open beside the list.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { catalogueOf } from "@/addresses";
import type { VariantRowOut } from "@/api";
import { useSession } from "@/app/session";
import { useShopFacts } from "@/features/sales/queries";
import { pick, type Picks } from "@/ui/bulk";
import { Button, buttonStyle } from "@/ui/button";
import { Columns } from "@/ui/columns";
import { readHidden, shownKeys, writeHidden } from "@/ui/columns-state";
import { ExportLink } from "@/ui/export-link";
import { type Filter, FilterChips } from "@/ui/filters";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge, Chip, SkeletonRows } from "@/ui/marks";
import { useDecimal, usePrice } from "@/ui/money";
import { Page } from "@/ui/page";
import { SearchBox } from "@/ui/search-box";
import { SortHead } from "@/ui/sort-head";
import { EmptyState, ErrorState } from "@/ui/states";

import { mayImport } from "./import-state";
import { exportOf, INACTIVE, isFiltered, type Search, wantedOf } from "./list-state";
import { VariantsBar } from "./bulk-bar";
import { NewProduct } from "./new-product";
import { ProductPanel } from "./product-panel";
import { useLevels, useVariants } from "./queries";

const NONE_PICKED: Picks = new Map();

function useCatalogueSearch(): { search: Search; change: (next: Search) => void } {
  const search = useSearch({ from: "/guarded/shell/catalogue" });
  const navigate = useNavigate({ from: "/catalogue" });
  const change = (next: Search) =>
    void navigate({
      search: Object.fromEntries(
        Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined),
      ),
      replace: true,
    });
  return { search, change };
}

/** The filters that have no control of their own above the list. */
function useFilters(search: Search, change: (next: Search) => void): Filter[] {
  const t = useTranslations("catalog");
  const { tag } = search;
  if (tag === undefined) return [];
  return [{ key: "tag", label: t("withTag", { tag }), onRemove: () => change({ tag: undefined }) }];
}

export function CataloguePage() {
  const t = useTranslations("catalog");
  const { search, change } = useCatalogueSearch();
  const { may } = useSession();
  const shop = useShopFacts();
  const [isAdding, setAdding] = useState(false);
  const store = search.store ?? shop.data?.stores[0]?.id;
  const variants = useVariants(wantedOf(search), isFiltered(search));
  const pages = variants.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.items);
  const total = pages[0]?.total;
  const columns = useColumns(search, change, useLevels(store, pages).data);
  const hidden = readHidden(search.columns, ["cost"]);
  const shown = shownKeys(columns, hidden);
  const filters = useFilters(search, change);
  const [picks, setPicks] = usePicks(search);
  return (
    <Page
      title={t("title")}
      badge={total !== undefined && <Badge>{t("count", { count: total })}</Badge>}
      actions={
        <div className="flex gap-2">
          {mayImport(may) && (
            <Link to="/catalogue/imports" className={buttonStyle()}>
              {t("import")}
            </Link>
          )}
          {may("catalog.write") && (
            <Button kind="primary" onClick={() => setAdding(true)}>
              {t("new")}
            </Button>
          )}
        </div>
      }
      panel={
        search.product !== undefined && (
          <ProductPanel
            key={search.product}
            productId={search.product}
            storeId={store}
            onClose={() => change({ product: undefined })}
            onTag={(tag) => change({ tag })}
          />
        )
      }
    >
      <div className="flex flex-wrap items-center gap-2 px-6 py-3">
        <SearchBox
          key={search.q === undefined ? "empty" : "filled"}
          label={t("search")}
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <select
          aria-label={t("stockOf")}
          className="min-h-9 w-48 rounded-lg border border-edge bg-panel px-2 text-ink-2"
          value={store ?? ""}
          onChange={(event) => change({ store: event.target.value })}
        >
          {shop.data?.stores.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
        <Columns
          columns={columns}
          hidden={hidden}
          onChange={(next) => change({ columns: writeHidden(next) })}
        />
        <ExportLink href={catalogueOf(exportOf(search, shown))} />
        <Chip
          isOn={search.only === INACTIVE}
          onClick={() => change({ only: search.only === INACTIVE ? undefined : INACTIVE })}
        >
          {t("onlyInactive")}
        </Chip>
        <FilterChips filters={filters} />
      </div>
      {variants.isError ? (
        <ErrorState failure={variants.error} onRetry={() => void variants.refetch()} />
      ) : variants.isPending ? (
        <SkeletonRows rows={12} />
      ) : rows.length === 0 ? (
        <EmptyState title={isFiltered(search) ? t("none") : t("empty")}>
          {isFiltered(search) ? t("noneHint") : t("emptyHint")}
        </EmptyState>
      ) : (
        <div className="overflow-x-clip max-md:overflow-x-auto">
          <ListTable
            label={t("title")}
            columns={columns.map((column) => ({ ...column, isHidden: hidden.has(column.key) }))}
            rows={rows}
            keyOf={(row) => row.id}
            selected={rows.find((row) => row.product_id === search.product)?.id}
            onOpen={(row) => change({ product: row.product_id })}
            picking={
              may("catalog.write")
                ? {
                    isPicked: (row) => picks.has(row.id),
                    onPick: (some, isPicked) => setPicks(pick(picks, some, isPicked)),
                    label: (row) => t("pickOne", { name: row.name }),
                    allLabel: t("pickAll"),
                  }
                : undefined
            }
          />
          <NextPage
            hasMore={variants.hasNextPage}
            isLoading={variants.isFetchingNextPage}
            onMore={() => void variants.fetchNextPage()}
          />
        </div>
      )}
      <VariantsBar picks={picks} onPicks={setPicks} />
      <NewProduct
        isOpen={isAdding}
        onClose={() => setAdding(false)}
        onCreated={(product) => change({ product, q: undefined, tag: undefined, only: undefined })}
      />
    </Page>
  );
}

/** What is picked, as long as the list is the same: nobody changes what they do not see. */
function usePicks(search: Search): [Picks, (picks: Picks) => void] {
  const list = JSON.stringify(wantedOf(search));
  const [state, setState] = useState<{ list: string; picks: Picks }>({ list, picks: NONE_PICKED });
  const picks = state.list === list ? state.picks : NONE_PICKED;
  return [picks, (next) => setState({ list, picks: next })];
}

function useColumns(
  search: Search,
  change: (next: Search) => void,
  levels: Map<string, string> | undefined,
): (Column<VariantRowOut> & { label: string })[] {
  const t = useTranslations("catalog");
  const price = usePrice();
  const decimal = useDecimal();
  const { may } = useSession();
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
  return [
    {
      key: "product",
      label: t("product"),
      title: sorted(t("product"), "name", "-name"),
      cell: (row) => (
        <>
          <button
            type="button"
            className="hit text-start font-medium break-words"
            onClick={(event) => {
              event.stopPropagation();
              change({ product: row.product_id });
            }}
          >
            {row.name}
          </button>
          {!row.is_active && <span className="block text-sm text-ink-3">{t("inactive")}</span>}
        </>
      ),
    },
    {
      key: "sku",
      label: t("sku"),
      title: sorted(t("sku"), "sku"),
      cell: (row) => <span className="text-ink-2">{row.sku ?? "—"}</span>,
    },
    {
      key: "barcode",
      label: t("barcode"),
      title: t("barcode"),
      cell: (row) => <span className="tabular text-ink-2">{row.barcode ?? "—"}</span>,
    },
    {
      key: "tax",
      label: t("tax"),
      title: t("tax"),
      isNumber: true,
      cell: (row) => `${decimal(row.tax_rate)} %`,
    },
    ...(may("catalog.read_cost")
      ? [
          {
            key: "cost",
            label: t("cost"),
            title: t("cost"),
            isNumber: true,
            cell: (row: VariantRowOut) => (row.cost === null ? "—" : price(row.cost, row.currency)),
          },
        ]
      : []),
    {
      key: "price",
      label: t("price"),
      title: sorted(t("price"), "price", "-price"),
      isNumber: true,
      cell: (row) => <span className="font-medium">{price(row.price, row.currency)}</span>,
    },
    {
      key: "onHand",
      label: t("onHand"),
      title: t("onHand"),
      isNumber: true,
      cell: (row) => {
        const level = levels?.get(row.id);
        return level === undefined ? <span className="text-ink-3">{t("notKept")}</span> : decimal(level);
      },
    },
  ];
}
