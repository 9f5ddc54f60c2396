// Moments as a field for date and time writes them: in the zone of the browser, without saying so.

/** Return the moment as the field takes it, to the minute. */
export function localOf(moment: string): string {
  const at = new Date(moment);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Return the moment that was written, with its zone; null for none. */
export function momentOf(local: string): string | null {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
