// In the settings: whether something failed in the background, and the way to it.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";
import { Badge } from "@/ui/marks";
import { Card } from "@/ui/page";

import { useStanding } from "./queries";

export function QueueCard() {
  const t = useTranslations("queue");
  const standing = useStanding(false);
  const failed = standing.data?.failed ?? 0;
  return (
    <Card title={t("title")}>
      <p className="mb-3 text-ink-2">{t("hint")}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Link to="/settings/queue" search={{}} className={buttonStyle()}>
          {t("look")}
        </Link>
        {failed > 0 && <Badge tone="bad">{t("failedCount", { count: failed })}</Badge>}
      </div>
    </Card>
  );
}
