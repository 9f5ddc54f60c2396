// How safe the accounts are: who signs in with a password alone, keys that nobody uses, and what was tried.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { identityReadSecurity, type SecurityOut } from "@/api";
import { useSession } from "@/app/session";
import { useWords } from "@/features/audit/words";
import { useRoleName } from "@/features/people/queries";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card, Page } from "@/ui/page";
import { ErrorState } from "@/ui/states";

export function SecurityPage() {
  const t = useTranslations("security");
  const security = useQuery({
    queryKey: ["people", "security"],
    queryFn: ({ signal }) => identityReadSecurity({ signal }),
  });
  return (
    <Page title={t("title")}>
      <div className="mx-auto grid max-w-4xl gap-4 p-6">
        {security.isError ? (
          <ErrorState failure={security.error} onRetry={() => void security.refetch()} />
        ) : security.isPending ? (
          <SkeletonRows rows={8} />
        ) : (
          <>
            <WithoutFactor security={security.data} />
            <Tried security={security.data} />
            <StaleKeys security={security.data} />
            <SigningKey since={security.data.signing_key_since} />
          </>
        )}
      </div>
    </Page>
  );
}

function WithoutFactor({ security }: { security: SecurityOut }) {
  const t = useTranslations("security");
  const roleName = useRoleName();
  const rest = security.without_factor_total - security.without_factor.length;
  return (
    <Card title={t("withoutFactor")}>
      {security.without_factor.length === 0 ? (
        <AllWell>{t("allHaveFactors")}</AllWell>
      ) : (
        <>
          <p className="mb-3 text-ink-2">
            {t("withoutFactorHint", { count: security.without_factor_total })}
          </p>
          <ul className="grid gap-2">
            {security.without_factor.map((person) => (
              <li key={person.id} className="flex flex-wrap items-center gap-3">
                <span className="min-w-0 flex-1 font-medium break-words" dir="auto">
                  {person.name}
                </span>
                {person.is_required && <Badge tone="warn">{t("required")}</Badge>}
                <span className="text-ink-2">{roleName(person.role)}</span>
              </li>
            ))}
          </ul>
          <Rest count={rest} />
        </>
      )}
    </Card>
  );
}

function Tried({ security }: { security: SecurityOut }) {
  const t = useTranslations("security");
  const { may } = useSession();
  const words = useWords();
  return (
    <Card title={t("tried")}>
      <p className="mb-3 text-ink-2">{t("triedHint")}</p>
      <dl className="grid gap-1">
        {security.tried.map(({ act, count }) => (
          <div key={act} className="flex flex-wrap items-center gap-3">
            <dt className="flex-1">{words.act(act)}</dt>
            <dd className="tabular min-w-12 text-end">
              {count > 0 && may("audit.read") ? (
                <Link to="/settings/audit" search={{ act }} className="hit text-accent underline">
                  {t("many", { count })}
                </Link>
              ) : (
                t("many", { count })
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function StaleKeys({ security }: { security: SecurityOut }) {
  const t = useTranslations("security");
  const moment = useMoment();
  return (
    <Card title={t("staleKeys")}>
      {security.stale_keys.length === 0 ? (
        <AllWell>{t("noStaleKeys", { days: security.unused_days })}</AllWell>
      ) : (
        <>
          <p className="mb-3 text-ink-2">{t("staleKeysHint", { days: security.unused_days })}</p>
          <ul className="grid gap-3">
            {security.stale_keys.map((key) => (
              <li key={key.id}>
                <p className="flex flex-wrap items-center gap-3">
                  <span className="font-medium break-words" dir="auto">
                    {key.name}
                  </span>
                  <code className="text-ink-2" translate="no">
                    {key.hint}
                  </code>
                </p>
                <p className="text-ink-2">
                  {key.person_name === null ? t("ofService") : t("ofPerson", { name: key.person_name })}
                  {" · "}
                  {key.last_used_at === null
                    ? t("neverUsed", { moment: moment(key.created_at) })
                    : t("lastUsed", { moment: moment(key.last_used_at) })}
                </p>
              </li>
            ))}
          </ul>
          <Rest count={security.stale_keys_total - security.stale_keys.length} />
        </>
      )}
    </Card>
  );
}

function SigningKey({ since }: { since: string | null }) {
  const t = useTranslations("security");
  const moment = useMoment();
  return (
    <Card title={t("signingKey")}>
      <p className="text-ink-2">
        {since === null ? t("noSigningKey") : t("signingKeySince", { moment: moment(since) })}
      </p>
    </Card>
  );
}

function AllWell({ children }: { children: ReactNode }) {
  return <p className="text-ink-2">{children}</p>;
}

function Rest({ count }: { count: number }) {
  const t = useTranslations("security");
  return count > 0 ? <p className="mt-3 text-ink-2">{t("rest", { count })}</p> : null;
}
