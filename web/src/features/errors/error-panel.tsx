// One error beside the list: how it stands, what can be done about it, and the last times that it came.
import { Link } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";

import type { ErrorDetailOut } from "@/api";
import { Button, buttonStyle } from "@/ui/button";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { SidePanel } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { Facts } from "./facts";
import { Occurrences } from "./occurrences";
import { useAct, useError } from "./queries";
import { ACTS, nameOf, type State } from "./search";

const TONES: Record<State, Tone> = { open: "bad", resolved: "ok", ignored: "plain" };

export function ErrorPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations("errors");
  const error = useError(id);
  return (
    <SidePanel
      label={error.data === undefined ? t("error") : nameOf(error.data)}
      kicker={error.data === undefined ? t("error") : t("part", { role: error.data.role })}
      onClose={onClose}
    >
      {error.isError ? (
        <ErrorState failure={error.error} onRetry={() => void error.refetch()} />
      ) : error.isPending ? (
        <SkeletonRows />
      ) : (
        <Details error={error.data} />
      )}
    </SidePanel>
  );
}

function Details({ error }: { error: ErrorDetailOut }) {
  const t = useTranslations("errors");
  const format = useFormatter();
  const moment = useMoment();
  return (
    <div className="grid gap-4">
      <div className="grid gap-2">
        <p className="flex flex-wrap gap-2">
          <Badge tone={TONES[error.state]}>{t("state", { state: error.state })}</Badge>
        </p>
        {error.state === "open" && error.returned_at !== null && (
          <p className="text-bad">
            {t("returned", { at: moment(error.returned_at), release: error.returned_release ?? "" })}
          </p>
        )}
        {error.state === "resolved" && error.resolved_at !== null && (
          <p className="text-ink-2">
            {t("resolved", { at: moment(error.resolved_at), release: error.resolved_release ?? "" })}
          </p>
        )}
        {error.state === "ignored" && <p className="text-ink-2">{t("ignoredHint")}</p>}
      </div>
      <Acts error={error} />
      <Facts
        facts={[
          ...(error.kind === null ? [] : ([[t("kind"), error.kind]] as const)),
          [t("place"), error.place],
          [t("event"), error.event],
          [t("count"), format.number(error.count)],
          [t("first"), t("inRelease", { at: moment(error.first_at), release: error.first_release })],
          [t("last"), t("inRelease", { at: moment(error.last_at), release: error.last_release })],
        ]}
      />
      <Occurrences occurrences={error.occurrences} />
      <Link
        to="/settings/audit"
        search={{ type: "operations.error", id: error.id }}
        className={buttonStyle("quiet")}
      >
        {t("onRecord")}
      </Link>
    </div>
  );
}

function Acts({ error }: { error: ErrorDetailOut }) {
  const t = useTranslations("errors");
  const toast = useToast();
  const act = useAct();
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {ACTS[error.state].map((what) => (
          <Button
            key={what}
            size="lg"
            kind={what === "resolve" ? "primary" : "plain"}
            isBusy={act.isPending}
            onClick={() =>
              act.mutate(
                { id: error.id, version: error.version, act: what },
                { onSuccess: () => toast(t("did", { act: what })) },
              )
            }
          >
            {t("act", { act: what })}
          </Button>
        ))}
      </div>
      {error.state === "open" && <p className="text-sm text-ink-2">{t("resolveHint")}</p>}
      <Refusal failure={act.error} />
    </div>
  );
}
