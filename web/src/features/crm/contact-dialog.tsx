// Writing a contact: a new one, or a change; a clash with somebody else's change is settled field by field.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { type ContactOut, crmChangeContact, crmCreateContact, crmGetContact } from "@/api";
import { useSession } from "@/app/session";
import { ApiProblem } from "@/http";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { Conflict } from "./conflict";
import { ContactFields } from "./contact-fields";
import { begin, changedFields, enter, madeOf, othersOf, patchOf, rebase, settle } from "./draft";
import { DuplicatesBeside, DuplicatesJump } from "./duplicates";
import { refresh } from "./queries";
import { useLeaveGuard } from "./leave-guard";

interface ContactDialogProps {
  /** What is changed; without it a new contact is made. */
  contact: ContactOut | null;
  onClose: () => void;
  onSaved: (contact: ContactOut) => void;
}

const isClash = (failure: unknown) => failure instanceof ApiProblem && failure.code === "version_conflict";

export function ContactDialog({ contact, onClose, onSaved }: ContactDialogProps) {
  const t = useTranslations("crm");
  const common = useTranslations("common");
  const client = useQueryClient();
  const toast = useToast();
  const [id] = useState(() => contact?.id ?? newId());
  const [editing, setEditing] = useState(() => begin(contact));
  const [isWarned, setWarned] = useState(false);
  const [isTakenOver, setTakenOver] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const looksForOthers = useSession().may("crm.see_personal") && contact === null;
  const isDirty = changedFields(editing).length > 0;
  const save = useMutation({
    mutationFn: () =>
      contact === null
        ? crmCreateContact({ body: madeOf(id, editing.draft) })
        : crmChangeContact({ path: { contact_id: id }, body: patchOf(editing) }),
    onSuccess: async (saved) => {
      setSaved(true);
      toast(contact === null ? t("created", { name: saved.name }) : t("saved"));
      client.setQueryData(["contact", saved.id], saved);
      await refresh(client);
      onSaved(saved);
    },
    onMutate: () => setTakenOver(false),
    onError: async (failure) => {
      if (!isClash(failure)) return;
      const theirs = await crmGetContact({ path: { contact_id: id } });
      setEditing((at) => rebase(at, theirs));
      setTakenOver(true);
    },
  });
  useLeaveGuard(isDirty && !isSaved, () => setWarned(true));
  const { clashes } = editing;
  return (
    <Dialog
      title={contact === null ? t("new") : t("editing", { name: contact.name })}
      size={contact === null ? "xl" : "lg"}
      isOpen
      onClose={() => (isDirty && !isWarned ? setWarned(true) : onClose())}
    >
      <form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {clashes.length > 0 ? (
          <Conflict
            clashes={clashes}
            others={othersOf(save.error instanceof ApiProblem ? save.error.problem["since"] : undefined)}
            onSettle={(clash, takeTheirs) => setEditing((at) => settle(at, clash, takeTheirs))}
          />
        ) : isTakenOver ? (
          <p role="alert" className="rounded-lg bg-warn-soft px-3 py-2 text-warn">
            {t("merged")}
          </p>
        ) : (
          <Refusal failure={save.error} />
        )}
        <div className={contact === null ? "grid gap-5 lg:grid-cols-[1fr_19rem]" : "contents"}>
          <fieldset disabled={save.isPending} className="grid min-w-0 content-start gap-5">
            <ContactFields
              draft={editing.draft}
              failure={save.error}
              onChange={(change) => {
                setWarned(false);
                setEditing((at) => enter(at, change));
              }}
            />
          </fieldset>
          {looksForOthers && (
            <div className="self-start lg:sticky lg:top-5">
              <DuplicatesBeside id={id} draft={editing.draft} idle={<NobodyYet />} />
            </div>
          )}
        </div>
        <div className="sticky bottom-0 -mx-5 -mb-5 flex flex-wrap items-center gap-2 border-t border-line-2 bg-raised px-5 py-3">
          <Button
            type="submit"
            kind="primary"
            disabled={!isDirty || clashes.length > 0 || save.isPending}
            isBusy={save.isPending}
          >
            {contact === null ? t("create") : t("save")}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {isDirty ? t("discard") : common("cancel")}
          </Button>
          {looksForOthers && <DuplicatesJump id={id} draft={editing.draft} />}
          {isDirty && (
            <p
              role={isWarned ? "alert" : undefined}
              className={isWarned ? "text-warn" : "text-sm text-ink-3"}
            >
              {t("unsaved")}
            </p>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** Says what the place beside the form is for, as long as nobody is like the draft. */
function NobodyYet() {
  const t = useTranslations("duplicates");
  return (
    <div className="rounded-xl border border-dashed border-line p-3 text-sm text-ink-3 max-lg:hidden">
      <p className="font-medium text-ink-2">{t("nobodyYet")}</p>
      <p>{t("nobodyYetHint")}</p>
    </div>
  );
}
