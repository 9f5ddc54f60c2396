// Opening a register: what is in the drawer before the first sale.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { posOpenShift } from "@/api";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { MoneyInput } from "@/ui/money-input";
import { Refusal } from "@/ui/states";
import { useTitle } from "@/ui/title";

import { REGISTERS } from "./queries";
import type { Register } from "./types";

interface OpenShiftProps {
  register: Register;
  currency: string;
  onLeave: () => void;
}

export function OpenShift({ register, currency, onLeave }: OpenShiftProps) {
  const t = useTranslations("till");
  useTitle(t("openShift"));
  const client = useQueryClient();
  const [float, setFloat] = useState<number | null>(null);
  // One id for this opening however often it is tried.
  const [id] = useState(newId);
  const open = useMutation({
    mutationFn: (minor: number) =>
      posOpenShift({ body: { id, register_id: register.id, float_minor: minor } }),
    onSettled: () => client.invalidateQueries({ queryKey: REGISTERS }),
  });
  return (
    <main className="mx-auto grid min-h-full max-w-md content-center gap-6 p-6">
      <button type="button" onClick={onLeave} className="inline-flex min-h-11 items-center gap-2 text-ink-2">
        <ArrowLeft size={18} aria-hidden className="rtl:rotate-180" />
        {t("otherTill")}
      </button>
      <div className="grid gap-2">
        <p className="text-ink-2">{t("at", { till: register.name, store: register.store_name })}</p>
        <h1 className="text-3xl font-semibold tracking-tight">{t("openShift")}</h1>
        <p className="text-lg text-ink-2">{t("openShiftHint")}</p>
      </div>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (float !== null) open.mutate(float);
        }}
      >
        <Refusal failure={open.error} />
        <MoneyInput
          label={t("float")}
          currency={currency}
          minor={float}
          onMinor={setFloat}
          inputSize="lg"
          autoFocus
        />
        <Button type="submit" kind="primary" size="xl" disabled={float === null} isBusy={open.isPending}>
          {t("open")}
        </Button>
      </form>
    </main>
  );
}
