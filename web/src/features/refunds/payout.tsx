// How the money goes back: out of the drawer, or onto the card that paid; what is due is always in sight.
import { useTranslations } from "use-intl";

import type { SaleLeftOut } from "@/api";
import { TextField } from "@/ui/field";
import { useMoney } from "@/ui/money";

import type { CardNote, Payout, Way } from "./choice";

export interface PayoutChoice {
  way: Way;
  card: CardNote;
}

export const NO_CARD_NOTE: CardNote = { reference: "", lastFour: "" };

interface PayoutFieldsProps {
  left: SaleLeftOut;
  paid: PayoutChoice;
  payout: Payout | null;
  onPaid: (paid: PayoutChoice) => void;
}

export function PayoutFields({ left, paid, payout, onPaid }: PayoutFieldsProps) {
  const t = useTranslations("refunds");
  const isLastFourWrong = paid.card.lastFour !== "" && !/^\d{4}$/.test(paid.card.lastFour);
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 text-sm font-medium text-ink-2">{t("way")}</legend>
      <div className="grid grid-cols-2 gap-2">
        {(["cash", "card"] as const).map((way) => (
          <label
            key={way}
            className={`flex min-h-11 items-center gap-2 rounded-lg border px-3 ${paid.way === way ? "border-accent bg-accent-soft" : "border-line"}`}
          >
            <input
              type="radio"
              name="way"
              className="size-5"
              checked={paid.way === way}
              disabled={way === "card" && left.card_minor === 0}
              onChange={() => onPaid({ ...paid, way })}
            />
            {t(way)}
          </label>
        ))}
      </div>
      {paid.way === "card" ? (
        <>
          <p className="text-sm text-ink-2">{t("cardHint")}</p>
          <div className="grid grid-cols-2 gap-3">
            <TextField
              label={t("lastFour")}
              inputMode="numeric"
              autoComplete="off"
              maxLength={4}
              value={paid.card.lastFour}
              error={isLastFourWrong ? t("lastFourWrong") : undefined}
              onChange={(event) => onPaid({ ...paid, card: { ...paid.card, lastFour: event.target.value } })}
            />
            <TextField
              label={t("reference")}
              autoComplete="off"
              maxLength={64}
              value={paid.card.reference}
              onChange={(event) => onPaid({ ...paid, card: { ...paid.card, reference: event.target.value } })}
            />
          </div>
        </>
      ) : (
        left.card_minor === 0 && <p className="text-sm text-ink-2">{t("noCard")}</p>
      )}
      {payout !== null && <Sums payout={payout} currency={left.currency} />}
    </fieldset>
  );
}

function Sums({ payout, currency }: { payout: Payout; currency: string }) {
  const t = useTranslations("refunds");
  const money = useMoney();
  const rounded = payout.payableMinor - payout.totalMinor;
  const rows = [
    { label: t("worth"), minor: payout.totalMinor, isShown: true },
    { label: t("rounding"), minor: rounded, isShown: rounded !== 0 },
    { label: t("ontoCard"), minor: payout.cardMinor, isShown: payout.cardMinor > 0 },
    { label: t("fromDrawer"), minor: payout.cashMinor, isShown: payout.hasCash },
  ];
  return (
    <dl aria-live="polite" className="grid gap-1 border-t border-line-2 pt-3">
      {rows
        .filter((row) => row.isShown)
        .map((row) => (
          <div key={row.label} className="flex justify-between gap-3">
            <dt className="text-ink-2">{row.label}</dt>
            <dd className="tabular">{money(row.minor, currency)}</dd>
          </div>
        ))}
    </dl>
  );
}
