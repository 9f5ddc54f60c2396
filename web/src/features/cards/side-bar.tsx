// Above the picture: which side of the card is seen, joining the other side, and reading the picture again.
import { FlipHorizontal2, RefreshCw, Unlink } from "lucide-react";
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";
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
    <div className="flex flex-wrap items-center gap-1 border-b border-line-2 px-3 py-1.5">
      {hasOther ? (
        <>
          {[false, true].map((one) => (
            <Chip key={String(one)} isOn={isOther === one} onClick={() => onSide(one)}>
              {t("side", { number: one ? 2 : 1 })}
            </Chip>
          ))}
          <Button kind="quiet" disabled={isBusy} onClick={onPart}>
            <Unlink size={15} aria-hidden />
            {t("part")}
          </Button>
        </>
      ) : (
        <Button kind="quiet" disabled={isBusy} onClick={onJoin}>
          <FlipHorizontal2 size={15} aria-hidden />
          {t("join")}
        </Button>
      )}
      <Button kind="quiet" disabled={isBusy} onClick={onRead}>
        <RefreshCw size={15} aria-hidden />
        {t("readAgain")}
      </Button>
    </div>
  );
}
