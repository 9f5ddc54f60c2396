// Where two people changed the same field: what it was, what each made of it, and the choice.
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";

import { useFieldNames } from "./edit-field";
import type { Clash } from "./product-draft";

interface ConflictProps {
  clashes: readonly Clash[];
  /** The name of the variant with an id, where the product has several. */
  nameOf: (variantId: string | null) => string | undefined;
  onSettle: (clash: Clash, takeTheirs: boolean) => void;
}

export function Conflict({ clashes, nameOf, onSettle }: ConflictProps) {
  const t = useTranslations("catalog");
  const { label, told } = useFieldNames();
  const titleOf = ({ place }: Clash) => {
    const variant = nameOf(place.variantId);
    return variant === undefined ? label(place.name) : t("ofVariant", { field: label(place.name), variant });
  };
  return (
    <div role="alert" className="grid gap-2 rounded-xl bg-warn-soft p-3 text-warn">
      <p className="font-semibold">{t("conflict")}</p>
      <p>{t("conflictHint")}</p>
      {clashes.map((clash) => (
        <section
          key={clash.place.key}
          aria-label={titleOf(clash)}
          className="grid gap-2 rounded-lg bg-panel p-2 text-ink"
        >
          <p className="font-medium">{titleOf(clash)}</p>
          <dl className="grid grid-cols-[5rem_1fr] gap-y-1">
            {(["base", "mine", "theirs"] as const).map((side) => (
              <div key={side} className="contents">
                <dt className="text-ink-2">{t(side)}</dt>
                <dd className="break-words whitespace-pre-line">{told(clash.place.name, clash[side])}</dd>
              </div>
            ))}
          </dl>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => onSettle(clash, false)}>{t("keepMine")}</Button>
            <Button onClick={() => onSettle(clash, true)}>{t("takeTheirs")}</Button>
          </div>
        </section>
      ))}
    </div>
  );
}
