// Webhooks: where events are sent and what became of them, and who may send messages.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/ui/button";
import { Chip } from "@/ui/marks";
import { Page } from "@/ui/page";

import { useSubscriptions } from "./queries";
import { openOf, viewOf, type WebhooksSearch } from "./search";
import { NewSource } from "./source-dialogs";
import { Sources } from "./sources";
import { SubscriptionDialog } from "./subscription-dialog";
import { SubscriptionList } from "./subscription-list";
import { SubscriptionPanel } from "./subscription-panel";

const VIEWS = ["out", "in"] as const;

export function WebhooksPage() {
  const t = useTranslations("webhooks");
  const search = useSearch({ from: "/guarded/shell/settings/webhooks" });
  const navigate = useNavigate({ from: "/settings/webhooks" });
  const [isAdding, setAdding] = useState(false);
  const webhooks = useSubscriptions();
  const view = viewOf(search);
  const { webhook, delivery } = openOf(search);
  const go = (next: WebhooksSearch) => void navigate({ search: next });
  const add = () => setAdding(true);
  const close = () => setAdding(false);
  return (
    <Page
      title={t("title")}
      actions={
        <Button kind="primary" disabled={view === "out" && !webhooks.isSuccess} onClick={add}>
          {t(view === "out" ? "new" : "newSource")}
        </Button>
      }
      panel={
        webhook !== undefined && (
          <SubscriptionPanel
            key={webhook}
            id={webhook}
            delivery={delivery}
            onDelivery={(id) => go(id === undefined ? { webhook } : { webhook, delivery: id })}
            onClose={() => go({})}
          />
        )
      }
    >
      <nav aria-label={t("views")} className="flex flex-wrap items-center gap-2 px-6 py-3">
        {VIEWS.map((one) => (
          <Chip key={one} isOn={view === one} onClick={() => go(one === "in" ? { view: one } : {})}>
            {t("view", { view: one })}
          </Chip>
        ))}
      </nav>
      {view === "out" ? (
        <SubscriptionList webhooks={webhooks} selected={webhook} onOpen={(id) => go({ webhook: id })} />
      ) : (
        <Sources />
      )}
      {isAdding && view === "out" && (
        <SubscriptionDialog webhook={null} offered={webhooks.data?.events ?? []} onClose={close} />
      )}
      {isAdding && view === "in" && <NewSource onClose={close} />}
    </Page>
  );
}
