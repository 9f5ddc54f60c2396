// The list of keys, shown by `?`.
import { useTranslations } from "use-intl";

import { Barcode } from "@/ui/barcode";
import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/marks";

import { COMMANDS } from "./commands";
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
      <p className="mt-4 text-ink-2">{t("commandsHint")}</p>
      <ul className="mt-3 grid gap-4">
        {Object.entries(COMMANDS).map(([code, kind]) => (
          <li key={code} className="grid gap-1">
            <span className="font-medium">{t(kind)}</span>
            <Barcode text={code} label={t(kind)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
