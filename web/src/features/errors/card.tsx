// In the settings: whether the program made mistakes that nobody has dealt with, and the way to them.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";
import { Card } from "@/ui/page";

export function ErrorsCard() {
  const t = useTranslations("errors");
  return (
    <Card title={t("title")}>
      <p className="mb-3 text-ink-2">{t("hint")}</p>
      <Link to="/settings/errors" search={{}} className={buttonStyle()}>
        {t("look")}
      </Link>
    </Card>
  );
}
