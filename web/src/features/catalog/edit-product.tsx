// Changing a product and its variants; a clash with somebody else's change is settled field by field.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { catalogGetProduct, type ProductOut } from "@/api";
import { useSession } from "@/app/session";
import { ApiProblem } from "@/http";
import { Button } from "@/ui/button";
import { Refusal } from "@/ui/states";

import { Conflict } from "./conflict";
import { EditField } from "./edit-field";
import { begin, changedPlaces, changesOf, type Editing, enter, keyOf, rebase, settle } from "./product-draft";
import { NotSaved, saveAll } from "./save-product";

interface EditProductProps {
  product: ProductOut;
  onDone: () => void;
  onCancel: () => void;
}

export function EditProduct({ product: opened, onDone, onCancel }: EditProductProps) {
  const t = useTranslations("catalog");
  const common = useTranslations("common");
  const { may } = useSession();
  const [editing, setEditing] = useState(() => begin(opened, may("catalog.read_cost")));
  const isDirty = changedPlaces(editing).length > 0;
  const { clashes, present } = editing;
  const save = useMutation({
    mutationFn: () => saveAll(editing, setEditing),
    onSuccess: onDone,
    onError: async (failure) => {
      if (!(failure instanceof NotSaved && failure.isConflict)) return;
      const theirs = await catalogGetProduct({ path: { product_id: opened.id } });
      setEditing((at) => rebase(at, theirs));
    },
  });
  const nameOf = (variantId: string | null) =>
    present.variants.length > 1 ? present.variants.find((one) => one.id === variantId)?.name : undefined;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {clashes.length > 0 ? (
        <Conflict
          clashes={clashes}
          nameOf={nameOf}
          onSettle={(clash, takeTheirs) => setEditing((at) => settle(at, clash, takeTheirs))}
        />
      ) : (
        <Trouble failure={save.error} />
      )}
      <fieldset disabled={save.isPending} className="contents">
        <Fields editing={editing} variantId={null} failure={save.error} onEditing={setEditing} />
        {present.variants.map((variant) => (
          <details
            key={variant.id}
            open={present.variants.length === 1 || isRefused(save.error, variant.id)}
            className="border-t border-line-2 pt-3"
          >
            <summary className={present.variants.length === 1 ? "hidden" : "cursor-pointer pb-3 font-medium"}>
              {variant.name}
            </summary>
            <Fields editing={editing} variantId={variant.id} failure={save.error} onEditing={setEditing} />
          </details>
        ))}
      </fieldset>
      {isDirty && <p className="text-sm text-ink-3">{t("unsaved")}</p>}
      <div className="flex gap-2">
        <Button
          type="submit"
          kind="primary"
          disabled={changesOf(editing).length === 0 || clashes.length > 0 || save.isPending}
          isBusy={save.isPending}
        >
          {t("save")}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {isDirty ? t("discard") : common("cancel")}
        </Button>
      </div>
    </form>
  );
}

const isRefused = (failure: unknown, id: string) => failure instanceof NotSaved && failure.id === id;

/** What went wrong, unless it is a clash that needs no choice. */
function Trouble({ failure }: { failure: unknown }) {
  const t = useTranslations("catalog");
  if (failure instanceof NotSaved && failure.isConflict) {
    return (
      <p role="alert" className="rounded-lg bg-warn-soft px-3 py-2 text-warn">
        {t("merged")}
      </p>
    );
  }
  return <Refusal failure={failure instanceof NotSaved ? failure.cause : failure} />;
}

interface FieldsProps {
  editing: Editing;
  variantId: string | null;
  failure: unknown;
  onEditing: (next: (at: Editing) => Editing) => void;
}

function Fields({ editing, variantId, failure, onEditing }: FieldsProps) {
  const id = variantId ?? editing.present.id;
  const problem = isRefused(failure, id) && failure instanceof NotSaved ? failure.cause : null;
  const wrong = (name: string) =>
    problem instanceof ApiProblem
      ? problem.problem.errors?.find((one) => one.field.split(".").includes(name))?.message
      : undefined;
  return (
    <div className="grid gap-4">
      {editing.places
        .filter((place) => place.variantId === variantId)
        .map(({ key, name }) => (
          <EditField
            key={key}
            name={name}
            text={editing.draft[keyOf(variantId, name)] ?? ""}
            error={wrong(name)}
            onEnter={(text) => onEditing((at) => enter(at, key, text))}
          />
        ))}
    </div>
  );
}
