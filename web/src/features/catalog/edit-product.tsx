// Changing a product's name and its variants' prices; a clash with somebody else's change is settled field by field.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import {
  catalogChangeProduct,
  catalogChangeVariant,
  catalogGetProduct,
  type ProductOut,
  type VariantOut,
} from "@/api";
import { ApiProblem } from "@/http";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Refusal } from "@/ui/states";

interface EditProductProps {
  product: ProductOut;
  onDone: () => void;
  onCancel: () => void;
}

interface Draft {
  name: string;
  prices: Record<string, string>;
}

interface Clash {
  field: string;
  base: string;
  mine: string;
  theirs: string;
  takeTheirs: () => void;
}

const draftOf = (product: ProductOut): Draft => ({
  name: product.name,
  prices: Object.fromEntries(product.variants.map((variant) => [variant.id, variant.price])),
});

export function EditProduct({ product: opened, onDone, onCancel }: EditProductProps) {
  const t = useTranslations("catalog");
  const common = useTranslations("common");
  // What the person began with, what it is now for everybody, and what they want it to be.
  const [base] = useState(() => draftOf(opened));
  const [present, setPresent] = useState(opened);
  const [draft, setDraft] = useState(base);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(base);
  const clashes = clashesOf(base, draft, present, setDraft);

  const save = useMutation({
    mutationFn: () => saveChanges(present, draft),
    onSuccess: onDone,
    onError: async (failure) => {
      if (failure instanceof ApiProblem && failure.code === "version_conflict") {
        setPresent(await catalogGetProduct({ path: { product_id: opened.id } }));
      }
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {clashes.length > 0 ? <Conflict clashes={clashes} /> : <Refusal failure={save.error} />}
      <TextField
        label={t("name")}
        required
        maxLength={500}
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
      />
      {opened.variants.map((variant) => (
        <TextField
          key={variant.id}
          label={opened.variants.length === 1 ? t("price") : `${t("price")} · ${variant.name}`}
          inputMode="decimal"
          required
          className="tabular"
          value={draft.prices[variant.id] ?? ""}
          onChange={(event) =>
            setDraft({
              ...draft,
              prices: { ...draft.prices, [variant.id]: event.target.value.replace(",", ".") },
            })
          }
        />
      ))}
      {isDirty && <p className="text-sm text-ink-3">{t("unsaved")}</p>}
      <div className="flex gap-2">
        <Button type="submit" kind="primary" disabled={!isDirty} isBusy={save.isPending}>
          {t("save")}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {isDirty ? t("discard") : common("cancel")}
        </Button>
      </div>
    </form>
  );
}

async function saveChanges(present: ProductOut, draft: Draft): Promise<void> {
  if (draft.name !== present.name) {
    await catalogChangeProduct({
      path: { product_id: present.id },
      body: { version: present.version, name: draft.name },
    });
  }
  for (const variant of present.variants) {
    const price = draft.prices[variant.id];
    if (price === undefined || price === variant.price) continue;
    await catalogChangeVariant({
      path: { variant_id: variant.id },
      body: { version: variant.version, price },
    });
  }
}

/** Return the fields that both changed, each with what it was, what this person wants, and what the other made of it. */
function clashesOf(
  base: Draft,
  draft: Draft,
  present: ProductOut,
  setDraft: (draft: Draft) => void,
): Clash[] {
  const name: Clash = {
    field: "name",
    base: base.name,
    mine: draft.name,
    theirs: present.name,
    takeTheirs: () => setDraft({ ...draft, name: present.name }),
  };
  const prices = present.variants.map((variant: VariantOut): Clash => ({
    field: `price ${variant.id}`,
    base: base.prices[variant.id] ?? "",
    mine: draft.prices[variant.id] ?? "",
    theirs: variant.price,
    takeTheirs: () => setDraft({ ...draft, prices: { ...draft.prices, [variant.id]: variant.price } }),
  }));
  return [name, ...prices].filter((one) => one.theirs !== one.base && one.theirs !== one.mine);
}

function Conflict({ clashes }: { clashes: readonly Clash[] }) {
  const t = useTranslations("catalog");
  return (
    <div role="alert" className="grid gap-2 rounded-xl bg-warn-soft p-3 text-warn">
      <p className="font-semibold">{t("conflict")}</p>
      <p>{t("conflictHint")}</p>
      {clashes.map((one) => (
        <dl key={one.field} className="grid grid-cols-[5rem_1fr] gap-y-1 rounded-lg bg-panel p-2 text-ink">
          <dt className="text-ink-2">{t("base")}</dt>
          <dd className="break-words">{one.base}</dd>
          <dt className="text-ink-2">{t("mine")}</dt>
          <dd className="break-words">{one.mine}</dd>
          <dt className="text-ink-2">{t("theirs")}</dt>
          <dd className="break-words">{one.theirs}</dd>
          <dd className="col-span-2">
            <Button onClick={one.takeTheirs}>{t("takeTheirs")}</Button>
          </dd>
        </dl>
      ))}
    </div>
  );
}
