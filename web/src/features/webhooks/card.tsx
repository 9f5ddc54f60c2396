// In the settings: whether a webhook fails or was switched off, and the way to all of them.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";
import { Badge } from "@/ui/marks";
import { Card } from "@/ui/page";

import { useSubscriptions } from "./queries";
import { countTroubled } from "./standing";

export function WebhooksCard() {
  const t = useTranslations("webhooks");
  const webhooks = useSubscriptions(false);
  const troubled = countTroubled(webhooks.data?.items ?? []);
  return (
    <Card title={t("title")}>
      <p className="mb-3 text-ink-2">{t("hint")}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Link to="/settings/webhooks" search={{}} className={buttonStyle()}>
          {t("look")}
        </Link>
        {troubled > 0 && <Badge tone="bad">{t("troubled", { count: troubled })}</Badge>}
      </div>
    </Card>
  );
}
