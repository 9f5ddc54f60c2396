// Saving what was changed of a product, call by call.
import { catalogChangeProduct, catalogChangeVariant, type ProductOut, type VariantOut } from "@/api";
import { ApiProblem } from "@/http";

import { type Change, changesOf, type Editing, saved } from "./product-draft";

/** A change that was not saved: of the product or the variant with this id. Those before it are saved. */
export class NotSaved extends Error {
  constructor(
    readonly id: string,
    cause: unknown,
  ) {
    super("not saved", { cause });
    this.name = "NotSaved";
  }

  get isConflict(): boolean {
    return this.cause instanceof ApiProblem && this.cause.code === "version_conflict";
  }
}

/** Save every change, and tell after each how the editing stands. Throws NotSaved at the first that is refused. */
export async function saveAll(editing: Editing, onSaved: (at: Editing) => void): Promise<void> {
  let at = editing;
  for (const change of changesOf(editing)) {
    try {
      at = saved(at, change, await send(change));
    } catch (failure) {
      throw new NotSaved(change.id, failure);
    }
    onSaved(at);
  }
}

function send(change: Change): Promise<ProductOut | VariantOut> {
  return change.variantId === null
    ? catalogChangeProduct({ path: { product_id: change.id }, body: change.body })
    : catalogChangeVariant({ path: { variant_id: change.id }, body: change.body });
}
