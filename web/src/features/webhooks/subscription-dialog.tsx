// Writing a webhook: a new one, whose secret is shown once afterwards, or a change of one.
import { useState } from "react";
import { useTranslations } from "use-intl";

import { type SubscriptionOut, webhooksAddSubscription, webhooksChangeSubscription } from "@/api";
import { fieldError } from "@/features/identity/field-error";
import { ApiProblem } from "@/http";
import { newId } from "@/ids";
import { raceOf } from "@/race";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { RaceRefusal, takeTheirs } from "@/ui/race";
import { useToast } from "@/ui/toast";

import { EventsPicker } from "./events-picker";
import { useLeaving } from "./leaving";
import { useAct } from "./queries";
import { ShownSecretDialog } from "./shown-secret";

interface SubscriptionDialogProps {
  /** What is changed; without it a new webhook is made. */
  webhook: SubscriptionOut | null;
  offered: readonly string[];
  onClose: () => void;
}

type Draft = Pick<SubscriptionOut, "url" | "description" | "events">;

const EMPTY: Draft = { url: "", description: "", events: [] };

const isSame = (one: Draft, other: Draft) =>
  one.url === other.url &&
  one.description === other.description &&
  [...one.events].sort().join() === [...other.events].sort().join();

export function SubscriptionDialog({ webhook, offered, onClose }: SubscriptionDialogProps) {
  const t = useTranslations("webhooks");
  const toast = useToast();
  const [id] = useState(() => webhook?.id ?? newId());
  const [seen, setSeen] = useState(webhook);
  const [draft, setDraft] = useState<Draft>(webhook ?? EMPTY);
  const save = useAct(async ({ url, description, events }: Draft) => {
    const body = { url, description, events };
    if (seen === null) return (await webhooksAddSubscription({ body: { id, ...body } })).secret;
    const whole = { ...body, filters: seen.filters, version: seen.version };
    await webhooksChangeSubscription({ path: { subscription_id: id }, body: whole });
    return null;
  });
  const take = (field: string, value: unknown) => setDraft((at) => ({ ...at, [field]: value }));
  const onError = (failure: unknown) => {
    // What the form does not show stays theirs.
    const theirs = raceOf(failure)?.theirs as Partial<SubscriptionOut> | undefined;
    setSeen((before) => (before === null ? null : { ...before, ...theirs }));
    takeTheirs(failure, (field, value) => field in EMPTY && take(field, value));
  };
  const isDirty = !save.isSuccess && !isSame(draft, webhook ?? EMPTY);
  const { isWarned, leave } = useLeaving(isDirty, onClose);
  const [isHinted, setHinted] = useState(false);
  if (save.data)
    return (
      <ShownSecretDialog
        key="secret"
        title={t("secret")}
        hint={t("shownOnce")}
        text={save.data}
        onClose={onClose}
      />
    );
  const submit = () => {
    setHinted(draft.events.length === 0);
    if (draft.events.length === 0) return;
    save.mutate(draft, {
      onError,
      onSuccess: (secret) => {
        if (secret !== null) return;
        toast(t("did", { act: "edit" }));
        onClose();
      },
    });
  };
  return (
    <Dialog
      key="form"
      title={webhook === null ? t("new") : t("editing", { name: webhook.description })}
      isOpen
      onClose={leave}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <RaceRefusal
          failure={save.error}
          label={(field) =>
            ({ url: t("address"), description: t("description"), events: t("events") })[field]
          }
          told={(_, value) => (Array.isArray(value) ? value.join(", ") : String(value))}
          onTake={take}
        />
        <Fields
          draft={draft}
          failure={save.error}
          onChange={(change) => setDraft((at) => ({ ...at, ...change }))}
        />
        <EventsPicker
          offered={offered}
          picked={draft.events}
          error={isHinted && draft.events.length === 0 ? t("nonePicked") : fieldError(save.error, "events")}
          onPick={(events) => setDraft((at) => ({ ...at, events }))}
        />
        <div className="sticky bottom-0 -mx-5 -mb-5 flex flex-wrap items-center gap-2 border-t border-line-2 bg-raised px-5 py-3">
          <Button type="submit" kind="primary" disabled={!isDirty || save.isPending} isBusy={save.isPending}>
            {t(webhook === null ? "create" : "save")}
          </Button>
          {isDirty && (
            <>
              <Button kind="quiet" onClick={onClose}>
                {t("discard")}
              </Button>
              <p
                role={isWarned ? "alert" : undefined}
                className={isWarned ? "text-warn" : "text-sm text-ink-3"}
              >
                {t("unsaved")}
              </p>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: Draft;
  failure: unknown;
  onChange: (change: Partial<Draft>) => void;
}

function Fields({ draft, failure, onChange }: FieldsProps) {
  const t = useTranslations("webhooks");
  const refused =
    failure instanceof ApiProblem && failure.code === "webhooks.address_not_allowed"
      ? failure.problem.detail
      : fieldError(failure, "url");
  return (
    <>
      <TextField
        label={t("description")}
        hint={t("descriptionHint")}
        error={fieldError(failure, "description")}
        required
        maxLength={200}
        value={draft.description}
        onChange={(event) => onChange({ description: event.target.value })}
      />
      <TextField
        label={t("address")}
        hint={t("addressHint")}
        error={refused}
        type="url"
        dir="ltr"
        required
        minLength={8}
        maxLength={2000}
        value={draft.url}
        onChange={(event) => onChange({ url: event.target.value })}
      />
    </>
  );
}
