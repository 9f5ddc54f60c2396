// Keys of the review. Letters and digits stay with the field that has the focus.
import { useEffect, useEffectEvent } from "react";

import { actsInField, nameOf, type ReviewKey } from "./keys";

export type Actions = Record<ReviewKey, () => unknown>;

const isNamed = (name: string, actions: Actions): name is ReviewKey => Object.hasOwn(actions, name);

export function useKeys(isActive: boolean, actions: Actions): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey) return;
    const name = nameOf(event);
    if (!isNamed(name, actions)) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const isTyping = target?.matches("input, textarea, select") ?? false;
    if (isTyping && !actsInField(name)) return;
    event.preventDefault();
    actions[name]();
  });
  useEffect(() => {
    if (!isActive) return;
    const onKey = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isActive]);
}
