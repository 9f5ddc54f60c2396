// A file that waits for the virus scanner, or what became of one: nothing of it is shown, only that it is kept.
import { ShieldAlert, ShieldCheck, ShieldEllipsis, Trash2 } from "lucide-react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { Scanned } from "@/features/files/scanned";
import { IconButton } from "@/ui/button";
import { Badge, type Tone } from "@/ui/marks";

import type { CardHeldFileOut } from "@/api";

const TONES: Record<CardHeldFileOut["state"], Tone> = { waiting: "accent", taken: "ok", refused: "warn" };
const ICONS = { waiting: ShieldEllipsis, taken: ShieldCheck, refused: ShieldAlert };

export function HeldFile({ file, onDelete }: { file: CardHeldFileOut; onDelete: () => void }) {
  const t = useTranslations("cards");
  const { may } = useSession();
  const Icon = ICONS[file.state];
  return (
    <li className="flex flex-col overflow-hidden rounded-xl border border-line bg-panel">
      <div className="relative grid aspect-[4/3] place-items-center bg-line-2 text-ink-3">
        <Icon size={34} strokeWidth={1.5} aria-hidden />
        <span className="absolute start-2 bottom-2">
          <Badge tone={TONES[file.state]}>{t("heldState", { state: file.state })}</Badge>
        </span>
      </div>
      <div className="grid flex-1 content-start gap-1.5 p-2.5">
        <div className="flex items-center gap-1">
          <bdi className="min-w-0 flex-1 truncate text-sm text-ink-2">{file.filename}</bdi>
          {may("crm.write") && (
            <IconButton label={t("deleteOf", { name: file.filename })} onClick={onDelete}>
              <Trash2 size={15} aria-hidden />
            </IconButton>
          )}
        </div>
        <Scanned scan={file.scan} />
        {file.state === "refused" && <Reason file={file} />}
        {file.refused.map((one) => (
          <p key={one.filename} className="text-sm text-warn">
            <bdi className="font-medium">{one.filename}</bdi>
            {" — "}
            {one.sentence}
          </p>
        ))}
      </div>
    </li>
  );
}

function Reason({ file }: { file: CardHeldFileOut }) {
  const common = useTranslations("common");
  const known = { "files.infected": "infected", "files.not_scannable": "notScannable" } as const;
  const word = Object.entries(known).find(([code]) => code === file.code)?.[1];
  return <p className="text-sm text-ink">{word === undefined ? file.sentence : common(word)}</p>;
}
