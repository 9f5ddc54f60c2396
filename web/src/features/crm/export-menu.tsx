// The ways out for contacts: all that the list shows, or those that are picked, as files for other programs.
import { Download } from "lucide-react";
import { useRef } from "react";
import { useLocale, useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";

import { filesOf, type Exported } from "./files";

interface ExportMenuProps {
  wanted: Exported;
  /** Whether it opens upwards, at the bottom of a page. */
  isUp?: boolean;
}

export function ExportMenu({ wanted, isUp = false }: ExportMenuProps) {
  const t = useTranslations("crm");
  const files = filesOf(wanted, useLocale() === "ru" ? "ru" : "en");
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute("open");
  return (
    <details
      ref={menu}
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        close();
        menu.current?.querySelector("summary")?.focus();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <summary className={`${buttonStyle()} min-h-11 cursor-pointer list-none`}>
        <Download size={16} aria-hidden />
        {t("export")}
      </summary>
      <ul
        className={`absolute end-0 z-30 grid w-64 max-w-[80vw] rounded-xl border border-line bg-raised p-1.5 shadow-2 ${isUp ? "bottom-full mb-1" : "mt-1 max-sm:start-0 max-sm:end-auto"}`}
      >
        {files.map(({ form, href }) => (
          <li key={form}>
            <a
              href={href}
              download
              className="grid min-h-11 content-center rounded-lg px-3 py-1.5 hover:bg-line-2"
              onClick={close}
            >
              <span>{t("exportAs", { form })}</span>
              <span className="text-sm text-ink-3">{t("exportFor", { form })}</span>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
