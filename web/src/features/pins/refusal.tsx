// Why a PIN was not taken, in the language of whoever types it.
import { useTranslations } from "use-intl";

import { ApiProblem } from "@/http";
import { Refusal } from "@/ui/states";

export function PinRefusal({ failure }: { failure: unknown }) {
  const t = useTranslations("pins");
  if (!(failure instanceof ApiProblem) || failure.code !== "identity.wrong_pin") {
    return <Refusal failure={failure} />;
  }
  return (
    <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-center text-lg text-bad">
      {t("wrong")}
    </p>
  );
}
