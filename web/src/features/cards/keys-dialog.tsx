// The list of keys, shown by `?`.
import { useTranslations } from "use-intl";

import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/marks";

import { KEYS } from "./keys";

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("cards");
  return (
    <Dialog title={t("keys")} isOpen onClose={onClose}>
      <dl className="grid grid-cols-[7rem_1fr] gap-y-2.5">
        {KEYS.map(({ shown, label }) => (
          <div key={label} className="contents">
            <dt>
              <Kbd>{shown}</Kbd>
            </dt>
            <dd className="text-ink-2">{t(label)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-ink-2">{t("keysHint")}</p>
    </Dialog>
  );
}
