// What can be done with a webhook at once, and what asks something first.
import { useTranslations } from "use-intl";

import type { SubscriptionOut } from "@/api";
import { Button } from "@/ui/button";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import type { Asking } from "./act-dialogs";
import { useSetRunning, useTest } from "./queries";

interface ActsProps {
  webhook: SubscriptionOut;
  onOpen: (asking: Asking) => void;
  /** Called with the delivery of the test. */
  onTested: (delivery: string) => void;
}

export function Acts({ webhook, onOpen, onTested }: ActsProps) {
  const t = useTranslations("webhooks");
  const toast = useToast();
  const running = useSetRunning();
  const test = useTest();
  const isActive = webhook.state === "active";
  const setRunning = (isRunning: boolean) => {
    test.reset();
    running.mutate(
      { webhook, isRunning },
      { onSuccess: () => toast(t("did", { act: isRunning ? "resume" : "pause" })) },
    );
  };
  const sendTest = () => {
    running.reset();
    test.mutate(webhook, {
      onSuccess: (delivery) => {
        toast(t("did", { act: "test" }));
        onTested(delivery.id);
      },
    });
  };
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {isActive ? (
          <>
            <Button isBusy={test.isPending} onClick={sendTest}>
              {t("act", { act: "test" })}
            </Button>
            <Button onClick={() => onOpen("again")}>{t("act", { act: "again" })}</Button>
            <Button isBusy={running.isPending} onClick={() => setRunning(false)}>
              {t("act", { act: "pause" })}
            </Button>
          </>
        ) : (
          <Button kind="primary" isBusy={running.isPending} onClick={() => setRunning(true)}>
            {t("act", { act: "resume" })}
          </Button>
        )}
        <Button onClick={() => onOpen("edit")}>{t("act", { act: "edit" })}</Button>
        <Button onClick={() => onOpen("rotate")}>{t("act", { act: "rotate" })}</Button>
        <Button kind="danger" onClick={() => onOpen("remove")}>
          {t("act", { act: "remove" })}
        </Button>
      </div>
      <Refusal failure={running.error ?? test.error} />
    </div>
  );
}
