// My PIN for the till: set, changed, taken away.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityRemovePin, identitySetPin } from "@/api";
import { ApiProblem } from "@/http";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { PIN, usePin } from "./queries";

export function Pin() {
  const t = useTranslations("pins");
  const moment = useMoment();
  const client = useQueryClient();
  const toast = useToast();
  const [isSetting, setSetting] = useState(false);
  const pin = usePin();
  const remove = useMutation({
    mutationFn: () => identityRemovePin(),
    onSuccess: () => {
      toast(t("removed"));
      return client.invalidateQueries({ queryKey: PIN });
    },
  });
  const close = () => setSetting(false);
  return (
    <Card title={t("title")}>
      {pin.isError ? (
        <ErrorState failure={pin.error} onRetry={() => void pin.refetch()} />
      ) : pin.isPending ? (
        <SkeletonRows rows={1} />
      ) : (
        <>
          <p className="mb-3 text-ink-2">
            {t("hint")}{" "}
            {pin.data.changed_at === null ? t("none") : t("since", { moment: moment(pin.data.changed_at) })}
          </p>
          <Refusal failure={remove.error} />
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setSetting(true)}>{pin.data.is_set ? t("change") : t("set")}</Button>
            {pin.data.is_set && (
              <Button kind="quiet" isBusy={remove.isPending} onClick={() => remove.mutate()}>
                {t("remove")}
              </Button>
            )}
          </div>
        </>
      )}
      <Dialog title={t("title")} isOpen={isSetting} onClose={close} size="sm">
        <PinForm onDone={close} />
      </Dialog>
    </Card>
  );
}

function PinForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations("pins");
  const client = useQueryClient();
  const toast = useToast();
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const save = useMutation({
    mutationFn: () => identitySetPin({ body: { pin } }),
    onSuccess: (now) => {
      client.setQueryData(PIN, now);
      toast(t("saved"));
      onDone();
    },
  });
  const why = save.error instanceof ApiProblem ? save.error.problem.errors?.[0]?.code : undefined;
  const refused = why === "a_date" ? t("aDate") : why === "too_simple" ? t("tooSimple") : undefined;
  const differs = again.length >= pin.length && again !== "" && again !== pin;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {refused === undefined && <Refusal failure={save.error} />}
      <Digits label={t("newPin")} value={pin} error={refused} onValue={setPin} />
      <Digits
        label={t("again")}
        value={again}
        error={differs ? t("differs") : undefined}
        onValue={setAgain}
      />
      <Button
        type="submit"
        kind="primary"
        size="lg"
        isBusy={save.isPending}
        disabled={pin.length < 4 || pin !== again || save.isPending}
      >
        {t("set")}
      </Button>
    </form>
  );
}

interface DigitsProps {
  label: string;
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
}

function Digits({ label, value, error, onValue }: DigitsProps) {
  return (
    <TextField
      label={label}
      type="password"
      inputMode="numeric"
      autoComplete="off"
      required
      maxLength={8}
      inputSize="lg"
      error={error}
      value={value}
      onChange={(event) => onValue(event.target.value.replace(/[^0-9]/g, ""))}
    />
  );
}
