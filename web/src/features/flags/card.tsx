// In the settings: the way to the switches and experiments.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";
import { Card } from "@/ui/page";

export function FlagsCard() {
  const t = useTranslations("flags");
  return (
    <Card title={t("title")}>
      <p className="mb-3 text-ink-2">{t("hint")}</p>
      <Link to="/settings/flags" search={{}} className={buttonStyle()}>
        {t("look")}
      </Link>
    </Card>
  );
}
