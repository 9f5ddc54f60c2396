// One change to the variants that are picked, in the versions that the person saw.
import { type BulkItemOut, catalogChangeVariants, type VariantsBulkIn } from "@/api";
import { inParts, type Picks } from "@/ui/bulk";

export type Change = VariantsBulkIn["change"];

/** Change all picked variants, as many calls as it takes; returns what became of each. */
export function changePicked(picks: Picks, change: Change): Promise<BulkItemOut[]> {
  const items = [...picks].map(([id, { version }]) => ({ id, version }));
  return inParts(items, (part) => catalogChangeVariants({ body: { change, items: part } }));
}
