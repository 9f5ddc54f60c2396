// Devices on which people sign in by PIN: this browser made one, and any of them taken away.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Tablet } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import {
  identityEnrolStation,
  identityListStations,
  identityRevokeStation,
  type RegisterOut,
  type StationOut,
} from "@/api";
import { noteShared } from "@/features/pins/device";
import { useRegisters } from "@/features/till/queries";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";
import { EmptyState, ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

const STATIONS = ["stations"];

export function Stations() {
  const t = useTranslations("pins");
  const client = useQueryClient();
  const toast = useToast();
  const [isEnrolling, setEnrolling] = useState(false);
  const stations = useQuery({
    queryKey: STATIONS,
    queryFn: async ({ signal }) => (await identityListStations({ signal })).items,
  });
  const revoke = useMutation({
    mutationFn: (station: StationOut) => identityRevokeStation({ path: { station_id: station.id } }),
    onSuccess: (_, station) => toast(t("revoked", { name: station.name })),
    onSettled: () => client.invalidateQueries({ queryKey: STATIONS }),
  });
  return (
    <Card title={t("stations")}>
      <p className="mb-3 text-ink-2">{t("stationsHint")}</p>
      <Refusal failure={revoke.error} />
      {stations.isError ? (
        <ErrorState failure={stations.error} onRetry={() => void stations.refetch()} />
      ) : stations.isPending ? (
        <SkeletonRows rows={2} />
      ) : stations.data.length === 0 ? (
        <p className="mb-3">{t("noStations")}</p>
      ) : (
        <ul className="mb-3 grid">
          {stations.data.map((station) => (
            <Row
              key={station.id}
              station={station}
              isBusy={revoke.isPending && revoke.variables.id === station.id}
              onRevoke={() => revoke.mutate(station)}
            />
          ))}
        </ul>
      )}
      <Button onClick={() => setEnrolling(true)}>{t("enrol")}</Button>
      <Dialog title={t("enrol")} isOpen={isEnrolling} onClose={() => setEnrolling(false)} size="sm">
        <Enrol onDone={() => setEnrolling(false)} />
      </Dialog>
    </Card>
  );
}

interface RowProps {
  station: StationOut;
  isBusy: boolean;
  onRevoke: () => void;
}

function Row({ station, isBusy, onRevoke }: RowProps) {
  const t = useTranslations("pins");
  const moment = useMoment();
  const used = station.last_used_at;
  const facts = [
    station.place_name ?? t("noPlace"),
    used === null ? t("neverUsed") : t("lastUsed", { moment: moment(used) }),
  ];
  return (
    <li className="flex items-center gap-3 border-b border-line-2 py-2 last:border-b-0">
      <Tablet size={18} aria-hidden className="shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {station.name}
          {station.is_here && <Badge tone="ok">{t("here")}</Badge>}
        </p>
        <p className="text-sm break-words text-ink-2">{facts.join(" · ")}</p>
      </div>
      <Button
        kind="quiet"
        isBusy={isBusy}
        aria-label={t("revokeNamed", { name: station.name })}
        onClick={onRevoke}
      >
        {t("revoke")}
      </Button>
    </li>
  );
}

export function Enrol({ onDone }: { onDone: () => void }) {
  const t = useTranslations("till");
  const registers = useRegisters();
  if (registers.isError) {
    return <ErrorState failure={registers.error} onRetry={() => void registers.refetch()} />;
  }
  if (registers.isPending) return <SkeletonRows rows={3} />;
  const [first] = registers.data;
  if (first === undefined) return <EmptyState title={t("noRegisters")}>{t("noRegistersHint")}</EmptyState>;
  return <EnrolForm registers={registers.data} first={first} onDone={onDone} />;
}

interface EnrolFormProps {
  registers: readonly RegisterOut[];
  first: RegisterOut;
  onDone: () => void;
}

function EnrolForm({ registers, first, onDone }: EnrolFormProps) {
  const t = useTranslations("pins");
  const client = useQueryClient();
  const toast = useToast();
  const [id] = useState(newId);
  const [name, setName] = useState("");
  const [place, setPlace] = useState(first.id);
  const enrol = useMutation({
    mutationFn: () => identityEnrolStation({ body: { id, place_id: place, name } }),
    onSuccess: () => {
      noteShared(true);
      toast(t("enrolled", { name }));
      onDone();
      return client.invalidateQueries({ queryKey: STATIONS });
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        enrol.mutate();
      }}
    >
      <p className="text-ink-2">{t("enrolHint")}</p>
      <Refusal failure={enrol.error} />
      <SelectField label={t("place")} value={place} onChange={(event) => setPlace(event.target.value)}>
        {registers.map((register) => (
          <option key={register.id} value={register.id}>
            {`${register.name}, ${register.store_name}`}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t("device")}
        hint={t("deviceExample")}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" kind="primary" isBusy={enrol.isPending} disabled={enrol.isPending}>
        {t("enrolIt")}
      </Button>
    </form>
  );
}
