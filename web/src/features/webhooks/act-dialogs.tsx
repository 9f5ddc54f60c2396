// What asks something before it is done to a webhook: sending again, a change, another secret, removal.
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";

import type { SubscriptionOut } from "@/api";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { localOf, momentOf } from "./moments";
import { useRemove, useRotate, useSendAgain } from "./queries";
import { ShownSecretDialog } from "./shown-secret";
import { SubscriptionDialog } from "./subscription-dialog";

export type Asking = "again" | "edit" | "rotate" | "remove";

/** Return how to open a dialog about a webhook, and the one that is open. */
export function useActDialogs(
  present: SubscriptionOut | undefined,
  offered: readonly string[],
  onGone: () => void,
): { open: (asking: Asking) => void; dialogs: ReactNode } {
  const [asking, setAsking] = useState<Asking | null>(null);
  // As it was when the dialog opened: what was looked at is what is changed.
  const [webhook, setWebhook] = useState(present);
  const close = () => setAsking(null);
  const open = (next: Asking) => {
    setWebhook(present);
    setAsking(next);
  };
  if (webhook === undefined) return { open, dialogs: null };
  const about = { webhook, onClose: close };
  const dialogs = {
    again: () => <SendAgain {...about} />,
    edit: () => <SubscriptionDialog {...about} offered={offered} />,
    rotate: () => <Rotate {...about} />,
    remove: () => <Remove {...about} onGone={onGone} />,
  };
  return { open, dialogs: asking === null ? null : dialogs[asking]() };
}

interface AboutProps {
  webhook: SubscriptionOut;
  onClose: () => void;
}

function SendAgain({ webhook, onClose }: AboutProps) {
  const t = useTranslations("webhooks");
  const toast = useToast();
  const [since, setSince] = useState(webhook.failing_since === null ? "" : localOf(webhook.failing_since));
  const [until, setUntil] = useState("");
  const again = useSendAgain(webhook.id);
  return (
    <Dialog title={t("again")} isOpen onClose={onClose} size="sm">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          again.mutate(
            { since: momentOf(since), until: momentOf(until) },
            {
              onSuccess: ({ count }) => {
                toast(t("sentAgain", { count }));
                onClose();
              },
            },
          );
        }}
      >
        <Refusal failure={again.error} />
        <p className="text-ink-2">{t("againHint")}</p>
        <TextField
          label={t("since")}
          type="datetime-local"
          required
          value={since}
          onChange={(event) => setSince(event.target.value)}
        />
        <TextField
          label={t("until")}
          hint={t("untilHint")}
          type="datetime-local"
          min={since}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
        <Button type="submit" kind="primary" isBusy={again.isPending}>
          {t("again")}
        </Button>
      </form>
    </Dialog>
  );
}

function Rotate({ webhook, onClose }: AboutProps) {
  const t = useTranslations("webhooks");
  const rotate = useRotate();
  if (rotate.data !== undefined)
    return (
      <ShownSecretDialog
        key="secret"
        title={t("secret")}
        hint={t("shownOnce")}
        text={rotate.data.secret}
        onClose={onClose}
      />
    );
  return (
    <Dialog key="question" title={t("rotate")} isOpen onClose={onClose} size="sm">
      <div className="grid gap-4">
        <Refusal failure={rotate.error} />
        <p>{t("rotateHint", { name: webhook.description })}</p>
        <Button kind="primary" isBusy={rotate.isPending} onClick={() => rotate.mutate(webhook)}>
          {t("rotate")}
        </Button>
      </div>
    </Dialog>
  );
}

function Remove({ webhook, onClose, onGone }: AboutProps & { onGone: () => void }) {
  const t = useTranslations("webhooks");
  const toast = useToast();
  const remove = useRemove();
  const doIt = () =>
    remove.mutate(webhook, {
      onSuccess: () => {
        toast(t("removed", { name: webhook.description }));
        onClose();
        onGone();
      },
    });
  return (
    <Dialog title={t("removeTitle")} isOpen onClose={onClose} size="sm">
      <div className="grid gap-4">
        <Refusal failure={remove.error} />
        <p>{t("removeHint", { name: webhook.description })}</p>
        <Button kind="danger" isBusy={remove.isPending} onClick={doIt}>
          {t("remove")}
        </Button>
      </div>
    </Dialog>
  );
}
