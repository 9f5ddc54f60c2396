// A product while it is being changed: what it was, what it is now for everybody, and what this person wants. Somebody
// else's changes to other fields are taken over; where both changed the same field, the person chooses.
import type { ProductOut, ProductPatch, VariantOut, VariantPatch } from "@/api";

import { PRODUCT_FIELDS, type ProductField, VARIANT_FIELDS, type VariantField } from "./product-fields";

/** A field of the product (without a variant) or of one of its variants. */
export interface Place {
  key: string;
  variantId: string | null;
  name: ProductField | VariantField;
}

type Texts = Readonly<Record<string, string>>;

export interface Editing {
  present: ProductOut;
  places: readonly Place[];
  base: Texts;
  draft: Texts;
  clashes: readonly Clash[];
}

/** A field that both changed, each in another way. */
export interface Clash {
  place: Place;
  base: string;
  mine: string;
  theirs: string;
}

/** One call that saves a part: of the product itself, or of a variant. */
export type Change =
  { variantId: null; id: string; body: ProductPatch } | { variantId: string; id: string; body: VariantPatch };

const PRODUCT_NAMES = Object.keys(PRODUCT_FIELDS) as ProductField[];
const VARIANT_NAMES = Object.keys(VARIANT_FIELDS) as VariantField[];

export const keyOf = (variantId: string | null, name: string) => `${variantId ?? "product"} ${name}`;

/** Begin to change a product; whoever may not see costs does not change them either. */
export function begin(present: ProductOut, mayCost: boolean): Editing {
  const place = (variantId: string | null, name: Place["name"]): Place => ({
    key: keyOf(variantId, name),
    variantId,
    name,
  });
  const places = [
    ...PRODUCT_NAMES.map((name) => place(null, name)),
    ...present.variants.flatMap((variant) =>
      VARIANT_NAMES.filter((name) => name !== "cost" || mayCost).map((name) => place(variant.id, name)),
    ),
  ];
  const base = textsOf(places, present);
  return { present, places, base, draft: base, clashes: [] };
}

export function enter(editing: Editing, key: string, text: string): Editing {
  return { ...editing, draft: { ...editing.draft, [key]: text } };
}

/** Return the fields whose meaning the person changed. */
export function changedPlaces(editing: Editing): Place[] {
  return editing.places.filter((place) => meant(place, editing) !== editing.base[place.key]);
}

/** Return the calls that save what was changed: the product first, then variant by variant. */
export function changesOf(editing: Editing): Change[] {
  const { present } = editing;
  const changed = changedPlaces(editing);
  const read = (variantId: string | null) =>
    Object.fromEntries(
      changed
        .filter((place) => place.variantId === variantId)
        .map((place) => [place.name, fieldOf(place).read(meant(place, editing))]),
    );
  const ofVariants = present.variants
    .map((variant): Change => ({
      variantId: variant.id,
      id: variant.id,
      body: { ...read(variant.id), version: variant.version },
    }))
    .filter((change) => changed.some((place) => place.variantId === change.variantId));
  return [
    ...(changed.some((place) => place.variantId === null)
      ? [{ variantId: null, id: present.id, body: { ...read(null), version: present.version } }]
      : []),
    ...ofVariants,
  ];
}

/** Return how the editing goes on after one change was saved as `answer`. */
export function saved(editing: Editing, change: Change, answer: ProductOut | VariantOut): Editing {
  const present =
    "variants" in answer
      ? answer
      : {
          ...editing.present,
          variants: editing.present.variants.map((one) => (one.id === answer.id ? answer : one)),
        };
  const done = editing.places.filter((place) => place.variantId === change.variantId);
  const texts = textsOf(done, present);
  return {
    ...editing,
    present,
    base: { ...editing.base, ...texts },
    draft: { ...editing.draft, ...texts },
  };
}

/** Return how the editing goes on now that somebody else has made `present` of the product. */
export function rebase(editing: Editing, present: ProductOut): Editing {
  const known = new Set([null, ...present.variants.map((one) => one.id)]);
  const places = editing.places.filter((place) => known.has(place.variantId));
  const theirs = textsOf(places, present);
  const clashes: Clash[] = [];
  let { base, draft } = editing;
  for (const place of places) {
    const [was = "", now = ""] = [editing.base[place.key], theirs[place.key]];
    const mine = meant(place, editing);
    if (now === was) continue;
    if (mine !== was && mine !== now) {
      clashes.push({ place, base: was, mine, theirs: now });
      continue;
    }
    base = { ...base, [place.key]: now };
    draft = { ...draft, [place.key]: now };
  }
  return { present, places, base, draft, clashes };
}

/** Settle a clash: with theirs, or with what this person wants. */
export function settle(editing: Editing, { place, theirs }: Clash, takeTheirs: boolean): Editing {
  return {
    ...editing,
    base: { ...editing.base, [place.key]: theirs },
    draft: takeTheirs ? { ...editing.draft, [place.key]: theirs } : editing.draft,
    clashes: editing.clashes.filter((one) => one.place.key !== place.key),
  };
}

function textsOf(places: readonly Place[], present: ProductOut): Texts {
  return Object.fromEntries(places.map((place) => [place.key, shown(place, present)]));
}

function shown({ variantId, name }: Place, present: ProductOut): string {
  if (variantId === null) return PRODUCT_FIELDS[name as ProductField].show(present);
  const variant = present.variants.find((one) => one.id === variantId);
  return variant === undefined ? "" : VARIANT_FIELDS[name as VariantField].show(variant);
}

function fieldOf({ variantId, name }: Place) {
  return variantId === null ? PRODUCT_FIELDS[name as ProductField] : VARIANT_FIELDS[name as VariantField];
}

/** Return what the person wants of a field; what they left alone stays as it is, however untidy. */
function meant(place: Place, { base, draft }: Editing): string {
  const { [place.key]: text = "" } = draft;
  return text === base[place.key] ? text : fieldOf(place).tidy(text);
}
