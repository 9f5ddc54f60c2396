// One search over pages, products and receipts.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";

import { catalogListVariants, posListSales } from "@/api";
import { Dialog } from "@/ui/dialog";
import { inputStyle } from "@/ui/field";

import { useSession } from "./session";
import { usePages } from "./shell";

interface Found {
  key: string;
  label: string;
  note: string;
  open: () => void;
}

export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("common");
  return (
    <Dialog title={t("searchEverything")} isOpen={isOpen} onClose={onClose}>
      <Finder onDone={onClose} />
    </Dialog>
  );
}

function Finder({ onDone }: { onDone: () => void }) {
  const t = useTranslations("common");
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = useFound(useDeferredValue(text.trim()));
  const open = (one: Found | undefined) => {
    if (one === undefined) return;
    onDone();
    one.open();
  };
  return (
    <div className="grid gap-3">
      <input
        autoFocus
        role="combobox"
        aria-label={t("searchEverything")}
        aria-expanded
        aria-controls="palette"
        aria-activedescendant={found[chosen] === undefined ? undefined : `palette-${found[chosen].key}`}
        placeholder={t("searchHint")}
        className={inputStyle(false, "lg")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setChosen((at) => Math.min(at + 1, found.length - 1));
          else if (event.key === "ArrowUp") setChosen((at) => Math.max(at - 1, 0));
          else if (event.key === "Enter") open(found[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <ul
        id="palette"
        role="listbox"
        aria-label={t("searchEverything")}
        className="grid max-h-80 overflow-auto"
      >
        {found.map((one, index) => (
          <li
            key={one.key}
            id={`palette-${one.key}`}
            role="option"
            aria-selected={index === chosen}
            className={`flex cursor-pointer gap-3 rounded-lg px-3 py-2 ${index === chosen ? "bg-accent-soft" : ""}`}
            onMouseMove={() => setChosen(index)}
            onClick={() => open(one)}
          >
            <span className="min-w-0 flex-1 truncate">{one.label}</span>
            <span className="text-sm text-ink-3">{one.note}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="px-3 pb-2 text-ink-2">{t("nothingFound")}</p>}
    </div>
  );
}

function useFound(query: string): Found[] {
  const t = useTranslations("common");
  const navigate = useNavigate();
  const { may } = useSession();
  const pages = usePages();
  const products = useQuery({
    queryKey: ["palette", query],
    enabled: query !== "" && may("catalog.read"),
    queryFn: ({ signal }) => catalogListVariants({ query: { q: query, limit: 8 }, signal }),
  });
  const sales = useQuery({
    queryKey: ["palette", "sales", query],
    enabled: /\d/.test(query) && may("pos.read_sales"),
    queryFn: ({ signal }) => posListSales({ query: { limit: 200 }, signal }),
  });
  const wanted = query.toLowerCase();
  return [
    ...pages
      .filter((page) => t(page.label).toLowerCase().includes(wanted))
      .map((page) => ({
        key: page.to,
        label: t(page.label),
        note: t("pages"),
        open: () => void navigate({ to: page.to }),
      })),
    ...(query === "" ? [] : (products.data?.items ?? [])).map((row) => ({
      key: row.id,
      label: row.name,
      note: row.sku ?? row.barcode ?? t("products"),
      open: () => void navigate({ to: "/catalogue", search: { q: query, product: row.product_id } }),
    })),
    ...(query === "" ? [] : (sales.data?.items ?? []))
      .filter((sale) => sale.receipt_number.toLowerCase().includes(wanted))
      .slice(0, 5)
      .map((sale) => ({
        key: sale.id,
        label: sale.receipt_number,
        note: t("receipts"),
        open: () => void navigate({ to: "/receipt/$saleId", params: { saleId: sale.id } }),
      })),
  ];
}
