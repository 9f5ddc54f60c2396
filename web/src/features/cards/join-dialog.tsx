// Joining the other side of a card: picked from the cards of the batch that are not decided on.
import { useTranslations } from "use-intl";

import { Dialog } from "@/ui/dialog";

import { CardThumb } from "./card-thumb";
import type { CardRowOut } from "@/api";

interface JoinDialogProps {
  rows: readonly CardRowOut[];
  current: string;
  onPick: (cardId: string) => void;
  onClose: () => void;
}

export function JoinDialog({ rows, current, onPick, onClose }: JoinDialogProps) {
  const t = useTranslations("cards");
  const others = rows.filter((row) => row.id !== current && row.state === "draft");
  return (
    <Dialog title={t("join")} size="lg" isOpen onClose={onClose}>
      <p className="mb-4 text-ink-2">{others.length === 0 ? t("joinNone") : t("joinHint")}</p>
      <ul className="grid grid-cols-3 gap-3 max-sm:grid-cols-2">
        {others.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className="grid w-full gap-1 rounded-lg border border-line p-1.5 text-start hover:border-accent"
              onClick={() => onPick(row.id)}
            >
              <CardThumb card={row} label="" className="aspect-[8/5] w-full rounded-md" />
              <span className="truncate px-1 text-sm">{row.name || row.company || t("nameless")}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
