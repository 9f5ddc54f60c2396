// Whether the screen is as narrow as a phone's, where a list has one column.
import { useSyncExternalStore } from "react";

const NARROW = window.matchMedia("(max-width: 767px)");

export function useNarrow(): boolean {
  return useSyncExternalStore(watch, () => NARROW.matches);
}

function watch(onChange: () => void): () => void {
  NARROW.addEventListener("change", onChange);
  return () => NARROW.removeEventListener("change", onChange);
}
