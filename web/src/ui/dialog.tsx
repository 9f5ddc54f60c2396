// A dialog on the platform's own <dialog>: it traps focus, makes the rest inert, closes on Escape, needs no styles
// injected at run time (which the content security policy refuses) and gives focus back.
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslations } from "use-intl";

import { IconButton } from "./button";

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  size?: "sm" | "md" | "lg" | "xl";
  side?: boolean;
  bottom?: boolean;
}

const SIDE = "max-w-lg me-0 ms-auto my-0 h-full max-h-full rounded-s-2xl";
const BOTTOM = "max-w-full mx-0 mt-auto mb-0 rounded-t-2xl";
const SIZES = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-3xl", xl: "max-w-5xl" };

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  size = "md",
  side = false,
  bottom = false,
}: DialogProps) {
  const t = useTranslations("common");
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const dialog = element.current;
    if (dialog === null || !isOpen) return;
    const before = document.activeElement;
    dialog.showModal();
    // What is to be filled in comes first; the browser would take the closing button.
    // Of a group of choices the one that is chosen takes the focus, as with the Tab key.
    const chosen = dialog.querySelector<HTMLElement>("input[type=radio]:checked");
    const first = dialog.querySelector<HTMLElement>("input, select, textarea, button[type=submit]");
    // A sheet is to be read first; its fields are the last in it.
    if (!bottom) (first?.matches("input[type=radio]") === true ? (chosen ?? first) : first)?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, [isOpen, bottom]);

  if (!isOpen) return null;
  const place = side ? SIDE : bottom ? BOTTOM : `${SIZES[size]} m-auto rounded-2xl`;
  return (
    <dialog
      ref={element}
      aria-labelledby={heading}
      className={`w-full ${place} border border-line bg-raised p-0 text-ink shadow-2`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className="flex items-center gap-3 border-b border-line-2 px-5 py-3">
        <h2 id={heading} className="flex-1 text-lg font-semibold">
          {title}
        </h2>
        <IconButton label={t("close")} onClick={onClose} isLarge>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      <div className="p-5">{children}</div>
    </dialog>
  );
}
