// Where I am signed in: one device signed out, or all but this one.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useTranslations } from "use-intl";

import { type DeviceOut, identityEndDevice, identityEndOtherDevices } from "@/api";
import { Button } from "@/ui/button";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { DEVICES, useDevices } from "./queries";

const HANDHELD = new Set(["Android", "iOS", "iPadOS"]);

export function Devices() {
  const t = useTranslations("account");
  const client = useQueryClient();
  const toast = useToast();
  const devices = useDevices();
  const named = useDeviceName();
  const refresh = () => client.invalidateQueries({ queryKey: DEVICES });
  const revoke = useMutation({
    mutationFn: (device: DeviceOut) => identityEndDevice({ path: { device_id: device.id } }),
    onSuccess: (_, device) => toast(t("revoked", { device: named(device) })),
    onSettled: refresh,
  });
  const revokeOthers = useMutation({
    mutationFn: () => identityEndOtherDevices(),
    onSuccess: () => toast(t("revokedOthers")),
    onSettled: refresh,
  });
  const items = devices.data?.items ?? [];
  return (
    <Card title={t("devices")}>
      <p className="mb-3 text-ink-2">{t("devicesHint")}</p>
      <Refusal failure={revoke.error ?? revokeOthers.error} />
      {devices.isError ? (
        <ErrorState failure={devices.error} onRetry={() => void devices.refetch()} />
      ) : devices.isPending ? (
        <SkeletonRows rows={3} />
      ) : (
        <ul className="mb-3 grid">
          {items.map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              isBusy={revoke.isPending && revoke.variables.id === device.id}
              onRevoke={() => revoke.mutate(device)}
            />
          ))}
        </ul>
      )}
      {items.length > 1 ? (
        <Button isBusy={revokeOthers.isPending} onClick={() => revokeOthers.mutate()}>
          {t("revokeOthers")}
        </Button>
      ) : (
        items.length === 1 && <p className="text-ink-2">{t("onlyHere")}</p>
      )}
    </Card>
  );
}

function useDeviceName() {
  const t = useTranslations("account");
  return ({ browser, system }: DeviceOut) =>
    t("deviceNamed", { browser: browser ?? "none", system: system ?? "none" });
}

interface DeviceRowProps {
  device: DeviceOut;
  isBusy: boolean;
  onRevoke: () => void;
}

function DeviceRow({ device, isBusy, onRevoke }: DeviceRowProps) {
  const t = useTranslations("account");
  const moment = useMoment();
  const named = useDeviceName();
  const Icon = HANDHELD.has(device.system ?? "") ? Smartphone : Monitor;
  const facts = [
    t("lastSeen", { moment: moment(device.last_seen_at) }),
    t("signedInAt", { moment: moment(device.created_at) }),
    ...(device.address === "" ? [] : [t("from", { address: device.address })]),
    ...(device.ends_with_browser ? [t("untilClosed")] : []),
  ];
  return (
    <li className="flex items-center gap-3 border-b border-line-2 py-2 last:border-b-0">
      <Icon size={18} aria-hidden className="shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {named(device)}
          {device.is_current && <Badge tone="ok">{t("thisDevice")}</Badge>}
        </p>
        <p className="text-sm break-words text-ink-2">{facts.join(" · ")}</p>
      </div>
      {!device.is_current && (
        <Button
          kind="quiet"
          isBusy={isBusy}
          aria-label={t("revokeNamed", { device: named(device) })}
          onClick={onRevoke}
        >
          {t("revoke")}
        </Button>
      )}
    </li>
  );
}
