// The ways out for contacts: all that the list shows, or those that are picked, as files for other programs.
import { Download } from "lucide-react";
import { useRef, useState } from "react";
import { useLocale, useTranslations } from "use-intl";

import { buttonStyle } from "@/ui/button";

import { filesOf, type Exported } from "./files";

/** To which sides a menu opens: where there is more room. */
const BELOW = "top-full mt-1";
const ABOVE = "bottom-full mb-1";

export function ExportMenu({ wanted }: { wanted: Exported }) {
  const t = useTranslations("crm");
  const files = filesOf(wanted, useLocale() === "ru" ? "ru" : "en");
  const menu = useRef<HTMLDetailsElement>(null);
  const [sides, setSides] = useState(`${BELOW} end-0`);
  const close = () => menu.current?.removeAttribute("open");
  return (
    <details
      ref={menu}
      className="relative"
      onToggle={() => setSides(sidesOf(menu.current))}
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
        className={`absolute z-30 grid w-64 max-w-[80vw] rounded-xl border border-line bg-raised p-1.5 shadow-2 ${sides}`}
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

function sidesOf(menu: HTMLElement | null): string {
  if (menu === null) return `${BELOW} end-0`;
  const { top, bottom, left, right } = menu.getBoundingClientRect();
  const isRoomyAbove = top > window.innerHeight - bottom;
  const isAtStart = (left + right) / 2 < window.innerWidth / 2;
  return `${isRoomyAbove ? ABOVE : BELOW} ${isAtStart ? "left-0" : "right-0"}`;
}
