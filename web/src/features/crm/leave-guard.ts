// Keeps what is written from being lost by a step back, a closed tab or another page.
import { useBlocker } from "@tanstack/react-router";

/** As long as something is unsaved, the first try to leave only warns; the browser asks before a tab is closed. */
export function useLeaveGuard(isDirty: boolean, onStopped: () => void): void {
  useBlocker({
    shouldBlockFn: () => {
      if (isDirty) onStopped();
      return isDirty;
    },
    enableBeforeUnload: () => isDirty,
  });
}
