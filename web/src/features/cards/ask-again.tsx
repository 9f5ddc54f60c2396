// Asks before something that cannot be taken back.
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

interface AskAgainProps {
  title: string;
  text: string;
  act: string;
  isDangerous?: boolean;
  onAct: () => void;
  onClose: () => void;
}

export function AskAgain({ title, text, act, isDangerous = false, onAct, onClose }: AskAgainProps) {
  const t = useTranslations("common");
  return (
    <Dialog title={title} size="sm" isOpen onClose={onClose}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onAct();
        }}
      >
        <p className="text-ink-2">{text}</p>
        <div className="flex gap-2">
          <Button type="submit" kind={isDangerous ? "danger" : "primary"}>
            {act}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
