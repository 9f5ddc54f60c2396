// Adding a source, giving it another secret, and removing it.
import { useState } from "react";
import { useTranslations } from "use-intl";

import { type SourceOut, webhooksAddSource } from "@/api";
import { fieldError } from "@/features/identity/field-error";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { useLeaving } from "./leaving";
import { useAct, useRemoveSource, useRotateSource } from "./queries";
import { ShownSecretDialog } from "./shown-secret";

const EMPTY = { name: "", description: "", secret: "" };

interface AboutProps {
  source: SourceOut;
  onClose: () => void;
}

export function NewSource({ onClose }: { onClose: () => void }) {
  const t = useTranslations("webhooks");
  const [id] = useState(newId);
  const [draft, setDraft] = useState(EMPTY);
  const add = useAct(({ name, description, secret }: typeof EMPTY) =>
    webhooksAddSource({ body: { id, name, description, secret: secret.trim() || null } }),
  );
  const isDirty = !add.isSuccess && Object.values(draft).some((text) => text !== "");
  const { isWarned, leave } = useLeaving(isDirty, onClose);
  if (add.data !== undefined) return <SourceSecret text={add.data.secret} onClose={onClose} />;
  const change = (part: Partial<typeof EMPTY>) => setDraft((at) => ({ ...at, ...part }));
  return (
    <Dialog key="form" title={t("newSource")} isOpen onClose={leave}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(draft);
        }}
      >
        <Refusal failure={add.error} />
        <TextField
          label={t("description")}
          hint={t("sourceDescriptionHint")}
          error={fieldError(add.error, "description")}
          required
          maxLength={200}
          value={draft.description}
          onChange={(event) => change({ description: event.target.value })}
        />
        <TextField
          label={t("sourceName")}
          hint={t("sourceNameHint")}
          error={fieldError(add.error, "name")}
          required
          dir="ltr"
          pattern="[a-z][a-z0-9\-]{0,39}"
          title={t("sourceNameHint")}
          autoCapitalize="none"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <OwnSecret value={draft.secret} failure={add.error} onChange={(secret) => change({ secret })} />
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" kind="primary" isBusy={add.isPending}>
            {t("createSource")}
          </Button>
          {isDirty && (
            <>
              <Button kind="quiet" onClick={onClose}>
                {t("discard")}
              </Button>
              {isWarned && (
                <p role="alert" className="text-warn">
                  {t("unsaved")}
                </p>
              )}
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}

export function RotateSource({ source, onClose }: AboutProps) {
  const t = useTranslations("webhooks");
  const [secret, setSecret] = useState("");
  const rotate = useRotateSource();
  if (rotate.data !== undefined) return <SourceSecret text={rotate.data.secret} onClose={onClose} />;
  return (
    <Dialog key="form" title={t("rotate")} isOpen onClose={onClose} size="sm">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate({ source, secret: secret.trim() || null });
        }}
      >
        <Refusal failure={rotate.error} />
        <p>{t("rotateSourceHint", { name: source.name })}</p>
        <OwnSecret value={secret} failure={rotate.error} onChange={setSecret} />
        <Button type="submit" kind="primary" isBusy={rotate.isPending}>
          {t("rotate")}
        </Button>
      </form>
    </Dialog>
  );
}

export function RemoveSource({ source, onClose }: AboutProps) {
  const t = useTranslations("webhooks");
  const toast = useToast();
  const remove = useRemoveSource();
  const doIt = () =>
    remove.mutate(source, {
      onSuccess: () => {
        toast(t("removed", { name: source.name }));
        onClose();
      },
    });
  return (
    <Dialog title={t("removeSource")} isOpen onClose={onClose} size="sm">
      <div className="grid gap-4">
        <Refusal failure={remove.error} />
        <p>{t("removeSourceHint", { name: source.name })}</p>
        <Button kind="danger" isBusy={remove.isPending} onClick={doIt}>
          {t("remove")}
        </Button>
      </div>
    </Dialog>
  );
}

function SourceSecret({ text, onClose }: { text: string; onClose: () => void }) {
  const t = useTranslations("webhooks");
  return (
    <ShownSecretDialog
      key="secret"
      title={t("secret")}
      hint={t("sourceShownOnce")}
      text={text}
      onClose={onClose}
    />
  );
}

interface OwnSecretProps {
  value: string;
  failure: unknown;
  onChange: (value: string) => void;
}

function OwnSecret({ value, failure, onChange }: OwnSecretProps) {
  const t = useTranslations("webhooks");
  return (
    <TextField
      label={t("ownSecret")}
      hint={t("ownSecretHint")}
      error={fieldError(failure, "secret")}
      dir="ltr"
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
