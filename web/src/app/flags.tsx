// The banner of read-only mode, from what is switched for whoever is here.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslations } from "use-intl";

import { flagsReadMyFlags } from "@/api";
import { whenReadOnly } from "@/http";

import { useSession } from "./session";

const KEY = ["flags", "mine"];
const AGAIN_MS = 15_000;

function useMyFlags() {
  const { session } = useSession();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => flagsReadMyFlags({ signal }),
    refetchInterval: AGAIN_MS,
    enabled: Boolean(session),
  });
}

/** Says that nothing can be changed at the moment, and at the till that sales are kept. */
export function ReadOnlyBanner() {
  const t = useTranslations("common");
  const client = useQueryClient();
  const mine = useMyFlags();
  useEffect(() => whenReadOnly(() => void client.invalidateQueries({ queryKey: KEY })), [client]);
  return (
    <div aria-live="polite" className="print:hidden">
      {mine.data?.is_read_only === true && (
        <p className="border-b border-line bg-warn-soft px-5 py-2 text-warn">
          <strong className="font-semibold">{t("readOnlyMode")}</strong> {t("readOnlyHint")}
        </p>
      )}
    </div>
  );
}
