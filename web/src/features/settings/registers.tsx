// The tills, and adding one.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { posAddRegister, posArchiveRegister, posListRegisters, type RegisterOut, type StoreOut } from "@/api";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

const KEY = ["till", "registers"];

export function Registers({ stores, mayAdd }: { stores: readonly StoreOut[]; mayAdd: boolean }) {
  const t = useTranslations("settings");
  const [isAdding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<RegisterOut | null>(null);
  const registers = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await posListRegisters({ signal })).items,
  });
  return (
    <Card title={t("registers")}>
      {registers.isError ? (
        <ErrorState failure={registers.error} onRetry={() => void registers.refetch()} />
      ) : registers.isPending ? (
        <SkeletonRows rows={3} />
      ) : (
        <ul className="mb-3 grid gap-2">
          {registers.data.map((register) => (
            <li key={register.id} className="flex items-center gap-3">
              <span className="tabular w-20 text-ink-3">{register.code}</span>
              <span className="flex-1">{register.name}</span>
              <span className="text-ink-2">{register.store_name}</span>
              {mayAdd && register.open_shift === null && (
                <Button
                  kind="quiet"
                  aria-label={t("archiveNamed", { name: register.name })}
                  onClick={() => setLeaving(register)}
                >
                  {t("archive")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayAdd && <Button onClick={() => setAdding(true)}>{t("addRegister")}</Button>}
      <Dialog title={t("addRegister")} isOpen={isAdding} onClose={() => setAdding(false)} size="sm">
        <AddRegister stores={stores} onDone={() => setAdding(false)} />
      </Dialog>
      <Dialog title={t("archive")} isOpen={leaving !== null} onClose={() => setLeaving(null)} size="sm">
        {leaving !== null && <Archive register={leaving} onDone={() => setLeaving(null)} />}
      </Dialog>
    </Card>
  );
}

function Archive({ register, onDone }: { register: RegisterOut; onDone: () => void }) {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const toast = useToast();
  const archive = useMutation({
    mutationFn: () => posArchiveRegister({ path: { register_id: register.id } }),
    onSuccess: async () => {
      toast(t("archived", { name: register.name }));
      await client.invalidateQueries();
      onDone();
    },
  });
  return (
    <div className="grid gap-4">
      <p>{t("archiveHint", { name: register.name })}</p>
      <Refusal failure={archive.error} />
      <Button kind="danger" isBusy={archive.isPending} onClick={() => archive.mutate()}>
        {t("archive")}
      </Button>
    </div>
  );
}

function AddRegister({ stores, onDone }: { stores: readonly StoreOut[]; onDone: () => void }) {
  const t = useTranslations("settings");
  const client = useQueryClient();
  const toast = useToast();
  const [id] = useState(newId);
  const [name, setName] = useState("");
  const [code, setCode] = useState("");
  const [store, setStore] = useState(stores[0]?.id ?? "");
  const add = useMutation({
    mutationFn: () => posAddRegister({ body: { id, store_id: store, code, name } }),
    onSuccess: async () => {
      toast(t("added", { name }));
      await client.invalidateQueries({ queryKey: KEY });
      onDone();
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Refusal failure={add.error} />
      <SelectField label={t("store")} value={store} onChange={(event) => setStore(event.target.value)}>
        {stores.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t("name")}
        required
        maxLength={60}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t("code")}
        hint={t("codeHint")}
        required
        maxLength={8}
        value={code}
        onChange={(event) => setCode(event.target.value.toUpperCase())}
      />
      <Button type="submit" kind="primary" isBusy={add.isPending}>
        {t("add")}
      </Button>
    </form>
  );
}
