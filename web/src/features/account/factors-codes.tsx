// Recovery codes: how many are left, and ten new ones, which are shown once.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Copy, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";

import { identityMakeRecoveryCodes } from "@/api";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useToast } from "@/ui/toast";

import { FACTORS } from "./factors-queries";
import { FactorRefusal } from "./give-factor";

const FEW = 3;

export function RecoveryCodes({ left }: { left: number }) {
  const t = useTranslations("factors");
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => identityMakeRecoveryCodes(),
    onSettled: () => client.invalidateQueries({ queryKey: FACTORS.queryKey }),
  });
  return (
    <section aria-label={t("codes")} className="grid gap-2 border-t border-line-2 pt-4">
      <h3 className="font-medium">{t("codes")}</h3>
      <p className="flex items-center gap-2 text-ink-2">
        {left <= FEW && <TriangleAlert size={16} aria-hidden className="text-warn" />}
        {t("codesLeft", { count: left })}
      </p>
      <FactorRefusal failure={make.error} />
      <div>
        <Button isBusy={make.isPending} onClick={() => make.mutate()}>
          {t("makeCodes")}
        </Button>
      </div>
      {make.data !== undefined && <Codes codes={make.data.codes} onClose={() => make.reset()} />}
    </section>
  );
}

function Codes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useTranslations("factors");
  const common = useTranslations("common");
  const toast = useToast();
  return (
    <Dialog title={t("codes")} isOpen onClose={onClose}>
      <div className="grid gap-4">
        <p>{t("codesOnce")}</p>
        <ol
          translate="no"
          dir="ltr"
          className="tabular grid grid-cols-2 gap-x-6 gap-y-1 rounded-lg bg-line-2 p-4 font-mono select-all"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <div className="flex flex-wrap gap-2">
          <Button
            onClick={() =>
              void navigator.clipboard.writeText(codes.join("\n")).then(() => toast(common("copied")))
            }
          >
            <Copy size={16} aria-hidden />
            {common("copy")}
          </Button>
          <Button type="submit" kind="primary" onClick={onClose}>
            {t("codesKept")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
