// Finding products by typing or touching; scanning needs no focus here.
import { Search } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";

import { Skeleton } from "@/ui/marks";
import { useDecimal, usePrice } from "@/ui/money";
import { EmptyState, ErrorState } from "@/ui/states";

import { useFindNow, useTiles } from "./queries";
import type { Tile } from "./types";

interface FinderProps {
  storeId: string;
  onPick: (tile: Tile) => void;
  onCode: (code: string) => void;
}

const LOW = 3;
/** A person pauses for longer than this; the digits of a scan follow faster, and ask for nothing. */
const PAUSE_MS = 150;
const CODE = /^\d{6,14}$/;

export function Finder({ storeId, onPick, onCode }: FinderProps) {
  const t = useTranslations("till");
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const pause = useRef(0);
  const tiles = useTiles(storeId, query);
  const findNow = useFindNow(storeId);
  useEffect(() => () => window.clearTimeout(pause.current), []);

  const typed = () => field.current?.value.trim() ?? "";
  const show = (text: string) => {
    window.clearTimeout(pause.current);
    setQuery(text);
  };
  const clear = () => {
    if (field.current !== null) field.current.value = "";
    show("");
  };
  const submit = () => {
    const text = typed();
    if (CODE.test(text)) {
      onCode(text);
      clear();
    } else if (text !== "") {
      show(text);
      findNow(text)
        .then(([first]) => {
          if (first === undefined || typed() !== text) return;
          onPick(first);
          clear();
        })
        // The tiles are the same answer, and tell of the failure.
        .catch(() => setQuery(text));
    }
  };
  return (
    <section
      aria-label={t("finder")}
      className="grid min-h-0 grid-rows-[auto_1fr] gap-4 p-5 max-lg:gap-3 max-lg:p-3"
    >
      <form
        role="search"
        className="relative"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Search size={20} aria-hidden className="absolute start-4 top-4 text-ink-3" />
        <input
          ref={field}
          id="finder"
          type="search"
          autoFocus
          autoComplete="off"
          aria-label={t("findProduct")}
          placeholder={t("findHint")}
          onChange={() => {
            window.clearTimeout(pause.current);
            pause.current = window.setTimeout(() => show(typed()), PAUSE_MS);
          }}
          className="min-h-13 w-full rounded-xl border-2 border-line bg-panel ps-12 pe-4 text-xl placeholder:text-ink-3 focus:border-accent focus:outline-none"
        />
      </form>
      <div className="min-h-0 overflow-auto">
        {tiles.isError ? (
          <ErrorState failure={tiles.error} onRetry={() => void tiles.refetch()} />
        ) : tiles.data?.length === 0 ? (
          <EmptyState title={t("noProduct")}>{t("noProductHint")}</EmptyState>
        ) : (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(11.5rem,1fr))] content-start gap-3 max-lg:grid-cols-2">
            {tiles.data === undefined
              ? Array.from({ length: 12 }, (_, index) => (
                  <li key={index} className="h-26 rounded-xl border border-line-2 bg-panel p-3.5">
                    <Skeleton className="w-3/4" />
                  </li>
                ))
              : tiles.data.map((tile) => <TileButton key={tile.variant_id} tile={tile} onPick={onPick} />)}
          </ul>
        )}
      </div>
    </section>
  );
}

const TileButton = memo(function TileButton({ tile, onPick }: { tile: Tile; onPick: (tile: Tile) => void }) {
  const t = useTranslations("till");
  const common = useTranslations("common");
  const price = usePrice();
  const decimal = useDecimal();
  const left = tile.on_hand;
  const isLow = left !== null && Number(left) <= LOW;
  return (
    <li>
      <button
        type="button"
        onClick={() => onPick(tile)}
        className="flex h-26 w-full flex-col justify-between rounded-xl border border-line bg-panel p-3.5 text-start transition-colors duration-100 hover:border-accent active:bg-accent-soft"
      >
        <span className="line-clamp-2 leading-5 font-semibold break-words">{tile.name}</span>
        <span className="flex items-baseline justify-between gap-2 text-sm">
          <span className={`min-w-0 truncate ${isLow ? "text-warn" : "text-ink-3"}`}>
            {left === null
              ? t("noStockKept")
              : isLow
                ? t("lastPieces", { count: decimal(left) })
                : t("inStock", { count: decimal(left) })}
          </span>
          <span className="tabular text-lg font-medium whitespace-nowrap text-ink">
            {tile.unit === "piece"
              ? price(tile.price, tile.currency)
              : t("perUnit", {
                  price: price(tile.price, tile.currency),
                  unit: common("unitSign", { unit: tile.unit }),
                })}
          </span>
        </span>
      </button>
    </li>
  );
});
