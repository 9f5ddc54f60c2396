// Every key of the till.
import { useTranslations } from "use-intl";

import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/marks";

const KEYS = [
  ["F2", "keyFind"],
  ["↑ ↓", "keySelect"],
  ["+ −", "keyMoreLess"],
  ["*", "keyQuantity"],
  ["Del", "keyRemove"],
  ["Ctrl Z", "keyPutBack"],
  ["F4", "keyDiscountLine"],
  ["F6", "keyDiscountTicket"],
  ["F9", "keyCash"],
  ["F8", "keyCard"],
  ["Enter", "keyEnter"],
  ["Esc", "keyBack"],
  ["F10", "keyClose"],
  ["?", "keyHelp"],
] as const;

export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("till");
  return (
    <Dialog title={t("keys")} isOpen={isOpen} onClose={onClose}>
      <dl className="grid grid-cols-[6rem_1fr] gap-y-2.5 text-lg">
        {KEYS.map(([key, label]) => (
          <div key={key} className="contents">
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd className="text-ink-2">{t(label)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-ink-2">{t("scannerHint")}</p>
    </Dialog>
  );
}
