// The title of the browser's tab, which history, bookmarks and screen readers tell pages apart by.
import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Tradepost`;
  }, [title]);
}
