// Undoing a merge, and telling what was kept of later changes.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { crmUndoMerge } from "@/api";
import { useExplained } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { refresh } from "./queries";

/** Company and tags have several fields in the program, and one on the screen. */
const SHOWN: Record<string, string> = { company_id: "company", company_name: "company", labels: "tags" };

/** Return the fields to name of those that were kept, each once; lines of vCards that nobody sees are not told. */
export function keptFields(kept: readonly { field: string }[]): string[] {
  const fields = kept.map(({ field }) => SHOWN[field] ?? field).filter((field) => field !== "foreign");
  return [...new Set(fields)];
}

export function useUndoMerge() {
  const t = useTranslations("merge");
  const crm = useTranslations("crm");
  const client = useQueryClient();
  const toast = useToast();
  const explained = useExplained();
  return useMutation({
    mutationFn: (mergeId: string) => crmUndoMerge({ path: { merge_id: mergeId } }),
    onSuccess: ({ restored, kept }) => {
      const fields = keptFields(kept).map((field) => crm("field", { field }));
      const names = restored.map(({ name }) => name).join(", ");
      toast(
        fields.length === 0 ? t("undone", { names }) : t("undoneKept", { names, fields: fields.join(", ") }),
        "plain",
      );
    },
    onError: (failure) => toast(explained(failure).text, "bad"),
    onSettled: () => refresh(client),
  });
}
