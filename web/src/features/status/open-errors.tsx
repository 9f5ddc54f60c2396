// One line when the program made mistakes that nobody has dealt with, and the way to them for those who may see them.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { buttonStyle } from "@/ui/button";
import { Card } from "@/ui/page";

export function OpenErrors({ count }: { count: number }) {
  const t = useTranslations("status");
  const { may } = useSession();
  if (count === 0) return null;
  return (
    <Card title={t("errors")}>
      <div className="flex flex-wrap items-center gap-3">
        <span className="flex-1 text-bad">{t("openErrors", { count })}</span>
        {may("operations.errors") && (
          <Link to="/settings/errors" search={{}} className={buttonStyle()}>
            {t("look")}
          </Link>
        )}
      </div>
    </Card>
  );
}
