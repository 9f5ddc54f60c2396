// In the settings: whether the program is well, and the way to the rest.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";
import { Badge } from "@/ui/marks";
import { Card } from "@/ui/page";

import { useStatus } from "./queries";
import { TONES, verdictOf } from "./standing";

export function StatusCard() {
  const t = useTranslations("status");
  const status = useStatus(false);
  const verdict = status.data && verdictOf(status.data);
  return (
    <Card title={t("title")}>
      <p className="mb-3 text-ink-2">{t("hint")}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Link to="/settings/status" className={buttonStyle()}>
          {t("look")}
        </Link>
        {verdict && <Badge tone={TONES[verdict]}>{t("verdict", { verdict })}</Badge>}
      </div>
    </Card>
  );
}
