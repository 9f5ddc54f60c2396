// What is shown at an address where there is no page.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { EmptyState } from "@/ui/states";
import { useTitle } from "@/ui/title";

export function NotFound() {
  const t = useTranslations("common");
  useTitle(t("notFound"));
  return (
    <main className="h-full">
      <EmptyState
        isPage
        title={t("notFound")}
        action={
          <Link to="/" className="hit text-accent underline">
            {t("goHome")}
          </Link>
        }
      >
        {t("notFoundHint")}
      </EmptyState>
    </main>
  );
}
