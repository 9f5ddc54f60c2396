// The foot of the review: accept and go on, leave out, step through the cards, and whether the work is kept.
import { ChevronLeft, ChevronRight, CloudAlert, CloudCheck, Keyboard, Undo2 } from "lucide-react";
import { useTranslations } from "use-intl";

import { Button, IconButton } from "@/ui/button";
import { Kbd } from "@/ui/marks";

import type { KeeperState } from "./keeper";

interface DecisionBarProps {
  kept: KeeperState;
  isBusy: boolean;
  isAccepting: boolean;
  canUndo: boolean;
  hasBefore: boolean;
  hasAfter: boolean;
  onSkip: () => void;
  onStep: (step: 1 | -1) => void;
  onUndo: () => void;
  onKeys: () => void;
  onKeep: () => void;
}

export function DecisionBar(props: DecisionBarProps) {
  const t = useTranslations("cards");
  const { isBusy, isAccepting, onStep } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-5 py-3 max-lg:px-4">
      <Button
        type="submit"
        kind="primary"
        className="min-h-11 flex-1"
        data-accept
        disabled={isBusy}
        isBusy={isAccepting}
      >
        {t("accept")}
        <Kbd>{"Ctrl ⏎"}</Kbd>
      </Button>
      <Button className="min-h-11" disabled={isBusy} onClick={props.onSkip}>
        {t("skip")}
        <Kbd>{"F4"}</Kbd>
      </Button>
      <div className="flex w-full items-center">
        <IconButton label={t("previous")} disabled={!props.hasBefore} onClick={() => onStep(-1)}>
          <ChevronLeft size={18} aria-hidden className="rtl:rotate-180" />
        </IconButton>
        <IconButton label={t("next")} disabled={!props.hasAfter} onClick={() => onStep(1)}>
          <ChevronRight size={18} aria-hidden className="rtl:rotate-180" />
        </IconButton>
        <IconButton label={t("undo")} disabled={!props.canUndo} onClick={props.onUndo}>
          <Undo2 size={16} aria-hidden />
        </IconButton>
        <Kept kept={props.kept} onKeep={props.onKeep} />
        <span className="pointer-coarse:hidden">
          <IconButton label={t("keys")} onClick={props.onKeys}>
            <Keyboard size={17} aria-hidden />
          </IconButton>
        </span>
      </div>
    </div>
  );
}

function Kept({ kept, onKeep }: { kept: KeeperState; onKeep: () => void }) {
  const t = useTranslations("cards");
  return (
    <div className="flex flex-1 items-center justify-center gap-1.5 text-sm text-ink-3">
      {kept === "failed" ? (
        <>
          <CloudAlert size={15} aria-hidden className="text-bad" />
          <button type="button" className="hit text-bad underline" onClick={onKeep}>
            {t("keptOf", { kept })}
          </button>
        </>
      ) : (
        <>
          {kept === "kept" && <CloudCheck size={15} aria-hidden />}
          {t("keptOf", { kept })}
        </>
      )}
    </div>
  );
}
