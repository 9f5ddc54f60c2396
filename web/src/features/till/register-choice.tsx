// Which till is this device?
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useTranslations } from "use-intl";

import { Badge, Dot } from "@/ui/marks";
import { EmptyState } from "@/ui/states";
import { useTitle } from "@/ui/title";

import type { Register } from "./types";

interface RegisterChoiceProps {
  registers: readonly Register[];
  onChoose: (register: Register) => void;
}

export function RegisterChoice({ registers, onChoose }: RegisterChoiceProps) {
  const t = useTranslations("till");
  useTitle(t("whichTill"));
  return (
    <main className="mx-auto grid min-h-full max-w-2xl content-center gap-6 p-6">
      <div className="grid gap-2">
        <Link to="/" className="inline-flex min-h-11 items-center gap-2 text-ink-2">
          <ArrowLeft size={18} aria-hidden className="rtl:rotate-180" />
          {t("backOffice")}
        </Link>
        <h1 className="text-3xl font-semibold tracking-tight">{t("whichTill")}</h1>
        <p className="text-lg text-ink-2">{t("whichTillHint")}</p>
      </div>
      {registers.length === 0 ? (
        <EmptyState title={t("noRegisters")}>{t("noRegistersHint")}</EmptyState>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2">
          {registers.map((register) => (
            <li key={register.id}>
              <button
                type="button"
                onClick={() => onChoose(register)}
                className="grid w-full gap-2 rounded-2xl border border-line bg-panel p-5 text-start shadow-1 transition-colors duration-100 hover:border-accent"
              >
                <span className="flex items-center justify-between gap-2">
                  <span className="text-xl font-semibold">{register.name}</span>
                  {register.open_shift === null ? (
                    <Badge>{t("closed")}</Badge>
                  ) : (
                    <Badge tone="ok">
                      <Dot />
                      {t("openBy", { name: register.open_shift.opened_by_name })}
                    </Badge>
                  )}
                </span>
                <span className="text-ink-2">{register.store_name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
