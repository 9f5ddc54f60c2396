// What the cashier must know now: above the finder, read out, never in the way.
import { X } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";

import { IconButton } from "@/ui/button";

export interface NoticeText {
  tone: "bad" | "warn";
  text: string;
  /** A sticky notice stays until it is dismissed. */
  isSticky: boolean;
}

const SHOWN_MS = 6000;

export function Notice({ notice, onDismiss }: { notice: NoticeText | null; onDismiss: () => void }) {
  const t = useTranslations("common");
  useEffect(() => {
    if (notice === null || notice.isSticky) return;
    const timer = window.setTimeout(onDismiss, SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [notice, onDismiss]);
  return (
    <div role="alert">
      {notice !== null && (
        <div
          className={`mx-5 mt-4 flex items-center gap-3 rounded-xl px-4 py-2 ${notice.tone === "bad" ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn"}`}
        >
          <p className="flex-1">{notice.text}</p>
          <IconButton label={t("close")} onClick={onDismiss} isLarge className="!text-current">
            <X size={18} aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  );
}
