// Keys of the selling screen. Letters and digits stay with the field that has the focus.
import { useEffect, useRef } from "react";

type Action = () => unknown;

const IN_FIELDS = new Set(["F2", "F4", "F6", "F8", "F9", "F10", "Escape", "ArrowUp", "ArrowDown"]);

export function useKeys(isActive: boolean, actions: Record<string, Action>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!isActive) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.metaKey) return;
      const key = event.ctrlKey ? `ctrl+${event.key.toLowerCase()}` : event.key;
      const action = latest.current[key];
      if (action === undefined) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      const isTyping = target?.matches("input, textarea, select") ?? false;
      if (isTyping && !IN_FIELDS.has(key)) return;
      // Enter on a button is that button's.
      if (key === "Enter" && target?.matches("button, a") === true) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [isActive]);
}
