// Saying that two contacts are not the same, and taking it back.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { crmForgetApart, crmTellApart } from "@/api";
import { useExplained } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { refresh } from "./queries";

type Named = readonly { id: string; name: string }[];

/** Return the act; a toast says that it was done and takes it back. */
export function useTellApart() {
  const t = useTranslations("duplicates");
  const client = useQueryClient();
  const toast = useToast();
  const explained = useExplained();
  const pathOf = ([one, other]: Named) => ({ contact_id: one?.id ?? "", other_id: other?.id ?? "" });
  const fail = (failure: unknown) => toast(explained(failure).text, "bad");
  const takeBack = useMutation({
    mutationFn: (pair: Named) => crmForgetApart({ path: pathOf(pair) }),
    onError: fail,
    onSettled: () => refresh(client),
  });
  return useMutation({
    mutationFn: (pair: Named) => crmTellApart({ path: pathOf(pair) }),
    onSuccess: (_, pair) => {
      const [one, other] = pair.map(({ name }) => name);
      toast(t("toldApart", { one: one ?? "", other: other ?? "" }), "plain", () => takeBack.mutate(pair));
    },
    onError: fail,
    onSettled: () => refresh(client),
  });
}
