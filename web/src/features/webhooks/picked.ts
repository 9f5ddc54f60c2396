// Which events are picked: single ones, all of a part of the program (`stock.*`), or all there are (`*`).

export const EVERYTHING = "*";

export interface Part {
  name: string;
  events: readonly string[];
}

/** Return the events by the part of the program that tells of them, in the order they are offered. */
export function partsOf(offered: readonly string[]): Part[] {
  const parts = new Map<string, string[]>();
  for (const event of offered) {
    const name = event.split(".")[0] ?? event;
    parts.set(name, [...(parts.get(name) ?? []), event]);
  }
  return [...parts].map(([name, events]) => ({ name, events }));
}

/** Return the pattern that stands for all events of a part, those too that come with a later version. */
export function wholeOf(part: string): string {
  return `${part}.*`;
}

/** Whether an event, or all of a part, is among what is picked, by name or by a pattern. */
export function isPicked(picked: readonly string[], name: string): boolean {
  return isWider(picked, name) || picked.includes(name);
}

/** Whether a wider pattern holds the event, so that it cannot be left out by itself. */
export function isWider(picked: readonly string[], name: string): boolean {
  if (name === EVERYTHING) return false;
  const whole = wholeOf(name.split(".")[0] ?? name);
  return picked.includes(EVERYTHING) || (name !== whole && picked.includes(whole));
}

/** Pick a name or leave it out; a pattern takes the place of what it holds. */
export function pick(picked: readonly string[], name: string, isOn: boolean): string[] {
  if (!isOn) return picked.filter((one) => one !== name);
  if (name === EVERYTHING) return [EVERYTHING];
  const held = name.endsWith(".*") ? name.slice(0, -1) : undefined;
  return [...picked.filter((one) => one !== name && (held === undefined || !one.startsWith(held))), name];
}

/** Return what is picked and not offered any more, as after a part of the program was taken out. */
export function lostOf(picked: readonly string[], offered: readonly string[]): string[] {
  const known = new Set([EVERYTHING, ...offered, ...partsOf(offered).map((part) => wholeOf(part.name))]);
  return picked.filter((one) => !known.has(one));
}

/** Count the events of a part that are picked. */
export function countPicked(picked: readonly string[], part: Part): number {
  return part.events.filter((event) => isPicked(picked, event)).length;
}
