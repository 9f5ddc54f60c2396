// Whether anybody looked for viruses in what was sent: in words, and never less than was done.
import { useTranslations } from "use-intl";

import type { FileOut } from "@/api";

export function Scanned({ scan }: { scan: FileOut["scan"] }) {
  const t = useTranslations("files");
  return <span className="text-sm text-ink-2">{t(`scans.${scan}`)}</span>;
}
