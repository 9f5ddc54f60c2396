// The choices of a merge, what comes of them, and saving it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { type ContactOut, crmMergeContacts } from "@/api";
import { ApiProblem } from "@/http";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { useNarrow } from "@/ui/narrow";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { MergeResult } from "./merge-result";
import { MergeTable } from "./merge-table";
import { beginMerge, mergeOf, resultOf, tooLong } from "./merging";
import { refresh } from "./queries";
import { useUndoMerge } from "./undo-merge";

interface MergeFormProps {
  contacts: readonly ContactOut[];
  onLeaveOut: (contact: ContactOut) => void;
  onReload: () => void;
  onClose: () => void;
}

export function MergeForm({ contacts, onLeaveOut, onReload, onClose }: MergeFormProps) {
  const t = useTranslations("merge");
  const common = useTranslations("common");
  const isNarrow = useNarrow();
  const [merging, setMerging] = useState(() => beginMerge(contacts));
  const save = useSave();
  const result = resultOf(contacts, merging);
  const excess = tooLong(result);
  const isStale = save.error instanceof ApiProblem && [409, 412].includes(save.error.status);
  return (
    <form
      className="flex min-h-full flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate((id) => mergeOf(id, contacts, merging));
      }}
    >
      <p className="max-w-3xl px-6 pt-4 text-ink-2 max-sm:px-4">{t("hint")}</p>
      <fieldset disabled={save.isPending} className="min-w-0 flex-1">
        <MergeTable
          contacts={contacts}
          merging={merging}
          result={isNarrow ? null : result}
          onChange={setMerging}
          onLeaveOut={contacts.length > 2 ? onLeaveOut : undefined}
        />
        {isNarrow && (
          <section aria-label={t("result")} className="m-4 rounded-xl border border-accent bg-panel p-4">
            <h2 className="mb-2 font-semibold">{t("result")}</h2>
            <MergeResult contacts={contacts} result={result} />
          </section>
        )}
      </fieldset>
      <div className="sticky bottom-0 z-20 grid gap-2 border-t border-line bg-raised px-6 py-3 shadow-2 max-sm:px-4">
        <Refusal failure={save.error} />
        {excess.map(({ list, most }) => (
          <p key={list} role="alert" className="text-bad">
            {t("tooLong", { list, most })}
          </p>
        ))}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            type="submit"
            kind="primary"
            disabled={excess.length > 0 || isStale}
            isBusy={save.isPending}
          >
            {t("save", { count: contacts.length })}
          </Button>
          {isStale && (
            <Button
              onClick={() => {
                save.reset();
                onReload();
              }}
            >
              {t("lookAgain")}
            </Button>
          )}
          <Button kind="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          <p className="text-sm text-ink-3">{t("after", { count: contacts.length - 1 })}</p>
        </div>
      </div>
    </form>
  );
}

/** Sent again after a break, it is the same merge: nothing happens twice. */
function useSave() {
  const t = useTranslations("merge");
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const undo = useUndoMerge();
  const [id] = useState(newId);
  return useMutation({
    mutationFn: (body: (id: string) => ReturnType<typeof mergeOf>) => crmMergeContacts({ body: body(id) }),
    onSuccess: async ({ survivor, merged_ids: merged }) => {
      client.setQueryData(["contact", survivor.id], survivor);
      toast(t("merged", { name: survivor.name, count: merged.length }), "plain", () => undo.mutate(id));
      await navigate({ to: "/contacts", search: { contact: survivor.id } });
      await refresh(client);
    },
  });
}
