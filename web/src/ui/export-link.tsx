// The way out of a list: everything it holds as a file for spreadsheets.
import { Download } from "lucide-react";
import { useTranslations } from "use-intl";

import { buttonStyle } from "./button";

export function ExportLink({ href }: { href: string }) {
  const t = useTranslations("common");
  return (
    <a href={href} download title={t("exportHint")} className={buttonStyle()}>
      <Download size={15} aria-hidden />
      {t("export")}
    </a>
  );
}
