// Settings: the business, its stores and tills, and the people.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { ShopOut } from "@/api";
import { useSession } from "@/app/session";
import { BackupCard } from "@/features/backup/card";
import { People } from "@/features/people/people";
import { Roles } from "@/features/people/roles";
import { useShopFacts } from "@/features/sales/queries";
import { MailCard } from "@/features/mail/card";
import { ErrorsCard } from "@/features/errors/card";
import { FlagsCard } from "@/features/flags/card";
import { QueueCard } from "@/features/queue/card";
import { StatusCard } from "@/features/status/card";
import { WebhooksCard } from "@/features/webhooks/card";
import { buttonStyle } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { useDecimal } from "@/ui/money";
import { Card, Page } from "@/ui/page";
import { ErrorState } from "@/ui/states";

import { FactorPolicy } from "./factor-policy";
import { Registers } from "./registers";
import { SetUp } from "./set-up";
import { Stations } from "./stations";
import { Tags } from "./tags";

export function SettingsPage() {
  const t = useTranslations("settings");
  const security = useTranslations("security");
  const { may } = useSession();
  const shop = useShopFacts();
  return (
    <Page title={t("title")}>
      {shop.isError ? (
        <ErrorState failure={shop.error} onRetry={() => void shop.refetch()} />
      ) : shop.isPending ? (
        <SkeletonRows />
      ) : shop.data.business === null ? (
        <SetUp />
      ) : (
        <div className="mx-auto grid max-w-4xl gap-4 p-6">
          <Business shop={shop.data} />
          {may("pos.sell") && <Registers stores={shop.data.stores} mayAdd={may("pos.manage")} />}
          {may("identity.stations") && may("pos.sell") && <Stations />}
          {may("crm.write") && <Tags />}
          {may("identity.manage") && <People />}
          {may("identity.manage") && <Roles />}
          {may("identity.manage") && <FactorPolicy />}
          {may("identity.manage") && (
            <Card title={security("title")}>
              <p className="mb-3 text-ink-2">{security("hint")}</p>
              <Link to="/settings/security" className={buttonStyle()}>
                {security("look")}
              </Link>
            </Card>
          )}
          {may("audit.read") && (
            <Card title={t("audit")}>
              <p className="mb-3 text-ink-2">{t("auditHint")}</p>
              <Link to="/settings/audit" search={{}} className={buttonStyle()}>
                {t("openAudit")}
              </Link>
            </Card>
          )}
          {may("operations.read") && <StatusCard />}
          {may("operations.errors") && <ErrorsCard />}
          {may("queue.read") && <QueueCard />}
          {may("flags.read") && <FlagsCard />}
          {may("webhooks.manage") && <WebhooksCard />}
          {may("backup.manage") && <BackupCard />}
          {may("mail.manage") && <MailCard />}
          <Card title={t("apiDocs")}>
            <p className="text-ink-2">
              {t("apiDocsHint")}{" "}
              <a href="/api/docs" translate="no" className="hit text-accent underline">
                {"/api/docs"}
              </a>
            </p>
          </Card>
        </div>
      )}
    </Page>
  );
}

function Business({ shop }: { shop: ShopOut }) {
  const t = useTranslations("settings");
  const decimal = useDecimal();
  const { business } = shop;
  if (business === null) return null;
  const facts = [
    [t("name"), business.name],
    [t("currency"), business.currency],
    [t("country"), business.country],
    [t("zone"), business.time_zone],
    [t("taxRates"), shop.tax_rates.map((one) => `${decimal(one.rate)} %`).join(" · ")],
  ] as const;
  return (
    <>
      <Card title={t("business")}>
        <dl className="grid grid-cols-[10rem_1fr] gap-y-2">
          {facts.map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-ink-2">{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card title={t("stores")}>
        <ul className="grid gap-3">
          {shop.stores.map((store) => (
            <li key={store.id}>
              <p className="font-medium">{store.name}</p>
              <p className="text-ink-2">
                {[
                  store.prices_include_tax ? t("inclusive") : t("exclusive"),
                  t("rounding", { level: store.rounding_level }),
                  t("cutoff", { time: store.day_cutoff }),
                  t("negative", { policy: store.negative_stock }),
                ].join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
