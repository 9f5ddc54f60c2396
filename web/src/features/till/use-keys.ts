// Keys of the selling screen. Letters and digits stay with the field that has the focus.
import { useEffect, useRef } from "react";

import { actsInField, nameOf, type TillKey } from "./keys";

type Action = () => unknown;

const isNamed = (name: string, actions: Record<TillKey, Action>): name is TillKey =>
  Object.hasOwn(actions, name);

export function useKeys(isActive: boolean, actions: Record<TillKey, Action>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!isActive) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.metaKey) return;
      const name = nameOf(event);
      if (!isNamed(name, latest.current)) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      const isTyping = target?.matches("input, textarea, select") ?? false;
      const isEmptyFinder = target?.matches("#finder:placeholder-shown") ?? false;
      if (isTyping && !actsInField(name, isEmptyFinder)) return;
      // The browser's own Escape empties a search field; the next one is the till's.
      if (name === "Escape" && target?.matches("#finder:not(:placeholder-shown)") === true) return;
      // Enter on a button is that button's.
      if (name === "Enter" && target?.matches("button, a") === true) return;
      event.preventDefault();
      latest.current[name]();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [isActive]);
}
