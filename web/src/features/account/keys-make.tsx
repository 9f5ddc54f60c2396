// Making an API key: its name, its rights and its time; then the key itself, shown once.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Copy } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityMakeOwnKey, identityMakeServiceKey } from "@/api";
import { useRightName } from "@/features/people/queries";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { keysOf, type Owner } from "./keys-queries";

const LIFETIMES = [7, 30, 90, 365] as const;

export function MakeKey({ owner, grantable }: { owner: Owner; grantable: readonly string[] }) {
  const t = useTranslations("keys");
  const client = useQueryClient();
  const [id] = useState(newId);
  const [name, setName] = useState("");
  const rightName = useRightName();
  const [rights, setRights] = useState<readonly string[]>([]);
  const [days, setDays] = useState(90);
  const make = useMutation({
    mutationFn: () => {
      const body = { id, name, permissions: [...rights], expires_in_days: days };
      return owner === "person" ? identityMakeOwnKey({ body }) : identityMakeServiceKey({ body });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keysOf(owner) }),
  });
  if (make.data !== undefined) return <ShownOnce text={make.data.key} />;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Refusal failure={make.error} />
      <TextField
        label={t("name")}
        hint={t("nameHint")}
        required
        autoFocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="grid gap-1">
        <legend className="mb-1 font-medium">{t("rights")}</legend>
        {grantable.map((right) => (
          <label key={right} className="hit flex items-center gap-2">
            <input
              type="checkbox"
              checked={rights.includes(right)}
              onChange={(event) =>
                setRights(event.target.checked ? [...rights, right] : rights.filter((one) => one !== right))
              }
            />
            <span>{rightName(right, right)}</span>
          </label>
        ))}
      </fieldset>
      <SelectField
        label={t("lifetime")}
        value={String(days)}
        onChange={(event) => setDays(Number(event.target.value))}
      >
        {LIFETIMES.map((one) => (
          <option key={one} value={one}>
            {t("days", { days: one })}
          </option>
        ))}
      </SelectField>
      <Button type="submit" kind="primary" disabled={rights.length === 0} isBusy={make.isPending}>
        {t("makeIt")}
      </Button>
    </form>
  );
}

function ShownOnce({ text }: { text: string }) {
  const t = useTranslations("keys");
  const common = useTranslations("common");
  const toast = useToast();
  return (
    <div className="grid gap-3">
      <p>{t("shownOnce")}</p>
      <p translate="no" data-testid="api-key" className="rounded-lg bg-line-2 p-3 break-all select-all">
        {text}
      </p>
      <Button
        kind="primary"
        onClick={() => void navigator.clipboard.writeText(text).then(() => toast(common("copied")))}
      >
        <Copy size={16} aria-hidden />
        {common("copy")}
      </Button>
    </div>
  );
}
