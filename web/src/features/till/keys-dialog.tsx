// The list of keys, shown by `?`.
import { useTranslations } from "use-intl";

import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/marks";

import { KEYS } from "./keys";

export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations("till");
  return (
    <Dialog title={t("keys")} isOpen={isOpen} onClose={onClose}>
      <dl className="grid grid-cols-[6rem_1fr] gap-y-2.5 text-lg">
        {KEYS.map(({ shown, label }) => (
          <div key={label} className="contents">
            <dt>
              <Kbd>{shown}</Kbd>
            </dt>
            <dd className="text-ink-2">{t(label)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-ink-2">{t("scannerHint")}</p>
    </Dialog>
  );
}
