// Hears a scanner wherever the focus is; the field that happened to have it gets its text back.
import { useEffect, useRef } from "react";

import { ScannerDetector, withoutScan } from "./scanner";

export function useScanner(onScan: (code: string) => void): void {
  const latest = useRef(onScan);
  useEffect(() => {
    latest.current = onScan;
  });
  useEffect(() => {
    const detector = new ScannerDetector();
    const hear = (event: KeyboardEvent) => {
      const hasModifier = event.ctrlKey || event.altKey || event.metaKey;
      const code = detector.feed({ key: event.key, at: event.timeStamp, hasModifier });
      if (code === null) {
        // A code may hold + or -, which are keys of the till when a person presses them.
        if (detector.isInBurst) event.stopImmediatePropagation();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      restore(event.target, code);
      latest.current(code);
    };
    window.addEventListener("keydown", hear, { capture: true });
    return () => window.removeEventListener("keydown", hear, { capture: true });
  }, []);
}

function restore(target: EventTarget | null, code: string): void {
  if (!(target instanceof HTMLInputElement)) return;
  const rest = withoutScan(target.value, code);
  if (rest === target.value) return;
  // React listens to the native setter's input event, not to a changed property.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(target, rest);
  target.dispatchEvent(new Event("input", { bubbles: true }));
}
