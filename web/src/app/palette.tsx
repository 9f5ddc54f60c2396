// One search over pages, products, contacts, their tags, and receipts.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";

import { catalogListVariants, crmListContacts, posListSales, taggingListTags } from "@/api";
import { Dialog } from "@/ui/dialog";
import { inputStyle } from "@/ui/field";

import { beginsReceipt, chosenAfter, deeperPages, resultsOf } from "./found";
import { useSession } from "./session";
import { usePlaces } from "./places";

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
  const open = (one: Shown | undefined) => {
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
          const next = chosenAfter(event.key, chosen, found.length);
          if (next !== undefined) setChosen(next);
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

interface Shown {
  key: string;
  label: string;
  note: string;
  open: () => void;
}

function useFound(query: string): Shown[] {
  const t = useTranslations("common");
  const navigate = useNavigate();
  const { may } = useSession();
  const pages = usePlaces();
  const products = useQuery({
    queryKey: ["palette", "products", query],
    enabled: query !== "" && may("catalog.read"),
    queryFn: ({ signal }) => catalogListVariants({ query: { q: query, limit: 8 }, signal }),
  });
  const contacts = useQuery({
    queryKey: ["palette", "contacts", query],
    enabled: query !== "" && may("crm.read"),
    queryFn: ({ signal }) => crmListContacts({ query: { q: query, limit: 8 }, signal }),
  });
  const labels = useQuery({
    queryKey: ["contact labels"],
    enabled: query !== "" && may("crm.read"),
    queryFn: ({ signal }) => taggingListTags({ query: { entity: "crm.contact" }, signal }),
  });
  const sales = useQuery({
    queryKey: ["palette", "sales", query],
    enabled: beginsReceipt(query) && may("pos.read_sales"),
    queryFn: ({ signal }) => posListSales({ query: { q: query, limit: 5 }, signal }),
  });
  const found = resultsOf({
    query,
    pages: [
      ...pages.map((page) => ({ to: page.to, label: t(page.label) })),
      ...deeperPages(may).map((page) => ({ to: page.to, label: t(page.label) })),
    ],
    products: products.data?.items,
    contacts: contacts.data?.items,
    labels: labels.data?.items,
    sales: sales.data?.items,
  });
  return found.map((one) => {
    if (one.kind === "page") return { ...one, note: t("pages"), open: () => void navigate({ to: one.to }) };
    if (one.kind === "receipt") {
      const open = () => void navigate({ to: "/receipt/$saleId", params: { saleId: one.saleId } });
      return { ...one, note: t("receipts"), open };
    }
    if (one.kind === "contact") {
      const open = () => void navigate({ to: "/contacts", search: { q: query, contact: one.contactId } });
      return { ...one, note: one.about ?? t("contacts"), open };
    }
    if (one.kind === "label") {
      const search = one.isGroup ? { group: one.labelId } : { tag: one.labelId };
      const open = () => void navigate({ to: "/contacts", search });
      // Whoever sees only a part of the contacts is told no count of all.
      return { ...one, note: one.count === null ? "" : t("labelled", { count: one.count }), open };
    }
    const open = () => void navigate({ to: "/catalogue", search: { q: query, product: one.productId } });
    return { ...one, note: one.code ?? t("products"), open };
  });
}
