// Over the picture: which side of the card is seen, joining the other side, and reading the picture again.
import { FlipHorizontal2, RefreshCw, Unlink } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { Chip } from "@/ui/marks";

interface SideBarProps {
  hasOther: boolean;
  isOther: boolean;
  isBusy: boolean;
  onSide: (isOther: boolean) => void;
  onJoin: () => void;
  onPart: () => void;
  onRead: () => void;
}

export function SideBar({ hasOther, isOther, isBusy, onSide, onJoin, onPart, onRead }: SideBarProps) {
  const t = useTranslations("cards");
  return (
    <div className="absolute start-3 top-3 z-10 flex items-center gap-1 rounded-xl border border-line bg-raised p-0.5 shadow-2">
      {hasOther ? (
        <>
          {[false, true].map((one) => (
            <Chip key={String(one)} className="mx-0.5" isOn={isOther === one} onClick={() => onSide(one)}>
              {t("side", { number: one ? 2 : 1 })}
            </Chip>
          ))}
          <Act label={t("part")} isBusy={isBusy} onClick={onPart}>
            <Unlink size={15} aria-hidden />
          </Act>
        </>
      ) : (
        <Act label={t("join")} isBusy={isBusy} onClick={onJoin}>
          <FlipHorizontal2 size={15} aria-hidden />
        </Act>
      )}
      <Act label={t("readAgain")} isBusy={isBusy} onClick={onRead}>
        <RefreshCw size={15} aria-hidden />
      </Act>
    </div>
  );
}

interface ActProps {
  label: string;
  isBusy: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** In words where there is room for them. */
function Act({ label, isBusy, onClick, children }: ActProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={isBusy}
      className="inline-flex min-h-8 min-w-8 items-center justify-center gap-1.5 rounded-lg px-2 text-sm text-ink-2 transition-colors duration-100 hover:bg-line-2 hover:text-ink disabled:opacity-50"
      onClick={onClick}
    >
      {children}
      <span className="max-lg:hidden">{label}</span>
    </button>
  );
}
