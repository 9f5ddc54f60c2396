// Exact quantities as text: whole pieces, or up to three decimals of a kilogram, litre or metre.
import { QUANTITY_PLACES } from "@/money/ticket";

const SCALE = 10n ** BigInt(QUANTITY_PLACES);
const LARGEST = 1_000_000n * SCALE;

/** Return how many decimals a quantity of `unit` may have. */
export function placesOf(unit: string): number {
  return unit === "piece" ? 0 : QUANTITY_PLACES;
}

function scaled(quantity: string): bigint {
  const [whole = "0", fraction = ""] = quantity.split(".");
  return BigInt(whole) * SCALE + BigInt(fraction.padEnd(QUANTITY_PLACES, "0"));
}

function unscaled(value: bigint): string {
  const fraction = (value % SCALE).toString().padStart(QUANTITY_PLACES, "0").replace(/0+$/, "");
  return fraction === "" ? (value / SCALE).toString() : `${value / SCALE}.${fraction}`;
}

export function addQuantities(left: string, right: string): string {
  const total = scaled(left) + scaled(right);
  return unscaled(total > LARGEST ? LARGEST : total);
}

/** Take one whole unit away; null when nothing would be left. */
export function lessOne(quantity: string): string | null {
  const left = scaled(quantity) - SCALE;
  return left > 0n ? unscaled(left) : null;
}

/** Read what a person typed ("2", "0,864"); null when it is no quantity of the unit. */
export function readQuantity(text: string, unit: string): string | null {
  const plain = text.trim().replace(",", ".");
  const places = placesOf(unit);
  const form = places === 0 ? /^\d{1,7}$/ : /^\d{1,7}(\.\d{1,3})?$/;
  if (!form.test(plain)) return null;
  const value = scaled(plain);
  return value > 0n && value <= LARGEST ? unscaled(value) : null;
}
