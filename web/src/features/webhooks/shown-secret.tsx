// A secret, shown once: it takes the focus, so that it is read out, and a dialog that holds one does not close by a slip.
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

import { useLeaving } from "./leaving";

interface ShownSecretProps {
  title: string;
  hint: string;
  text: string;
  onClose: () => void;
}

export function ShownSecretDialog({ title, hint, text, onClose }: ShownSecretProps) {
  const t = useTranslations("webhooks");
  const { isWarned, leave } = useLeaving(true, onClose);
  const first = useRef<HTMLParagraphElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <Dialog title={title} isOpen onClose={leave} size="sm">
      <div className="grid gap-3">
        <p
          ref={first}
          tabIndex={-1}
          role={isWarned ? "alert" : undefined}
          className={`outline-none ${isWarned ? "font-medium text-warn" : ""}`}
        >
          {hint}
        </p>
        <Secret text={text} />
        <Button onClick={onClose}>{t("doneCopying")}</Button>
      </div>
    </Dialog>
  );
}

function Secret({ text }: { text: string }) {
  const t = useTranslations("webhooks");
  const common = useTranslations("common");
  const [isCopied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <>
      <p
        aria-label={t("secret")}
        role="group"
        translate="no"
        data-testid="webhook-secret"
        className="rounded-lg bg-line-2 p-3 break-all select-all"
      >
        {text}
      </p>
      <Button kind="primary" onClick={copy}>
        {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        {common(isCopied ? "copied" : "copy")}
      </Button>
      {/* A note would lie behind the dialog. */}
      <p role="status" className="sr-only">
        {isCopied && common("copied")}
      </p>
    </>
  );
}
