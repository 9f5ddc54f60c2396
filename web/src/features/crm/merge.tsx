// Making one contact of several.
export function MergePage() {
  return null;
}
