// Today, live: every figure opens its documents.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import type { TodayOut } from "@/api";
import { useShopFacts } from "@/features/sales/queries";
import { ApiProblem } from "@/http";
import { Badge, Chip, Dot, SkeletonRows } from "@/ui/marks";
import { useDecimal, useMoney, useQuantity, useTime } from "@/ui/money";
import { Card, Page } from "@/ui/page";
import { ErrorState } from "@/ui/states";

import { Hours } from "./hours";
import { Start } from "./start";
import { useToday } from "./use-today";

export function TodayPage() {
  const t = useTranslations("insight");
  const { store } = useSearch({ from: "/guarded/shell/numbers" });
  const { today, isLive } = useToday(store);
  const shop = useShopFacts();
  const navigate = useNavigate({ from: "/numbers" });
  const time = useTime();
  if (today.error instanceof ApiProblem && today.error.status === 409) {
    return (
      <Page title={t("title")}>
        <Start hasShop={false} />
      </Page>
    );
  }
  return (
    <Page
      title={t("title")}
      badge={
        <span role="status">
          {today.data !== undefined && (
            <Badge tone={isLive ? "ok" : "warn"}>
              <Dot />
              {isLive ? t("live") : t("notLive", { time: time(new Date(today.dataUpdatedAt).toISOString()) })}
            </Badge>
          )}
        </span>
      }
      actions={
        <div className="flex flex-wrap gap-2">
          <Chip isOn={store === undefined} onClick={() => void navigate({ search: {} })}>
            {t("allStores")}
          </Chip>
          {shop.data?.stores.map((one) => (
            <Chip
              key={one.id}
              isOn={store === one.id}
              onClick={() => void navigate({ search: { store: one.id } })}
            >
              {one.name}
            </Chip>
          ))}
        </div>
      }
    >
      {today.isError ? (
        <ErrorState failure={today.error} onRetry={() => void today.refetch()} />
      ) : today.isPending ? (
        <SkeletonRows />
      ) : today.data.tickets === 0 && today.data.refunds === 0 ? (
        <Start hasShop />
      ) : (
        <Figures today={today.data} store={store} />
      )}
    </Page>
  );
}

function Figures({ today, store }: { today: TodayOut; store: string | undefined }) {
  const t = useTranslations("insight");
  const r = useTranslations("refunds");
  const money = useMoney();
  const decimal = useDecimal();
  const quantity = useQuantity();
  const documents = {
    ...(today.business_day === null ? {} : { day: today.business_day }),
    ...(store === undefined ? {} : { store }),
  };
  return (
    <div className="grid gap-4 p-6">
      <div
        className={`grid gap-4 max-lg:grid-cols-1 ${today.refunds > 0 ? "grid-cols-4" : "grid-cols-3"}`}
        aria-live="polite"
      >
        <Figure label={t("takings")} note={t("tickets", { count: today.tickets })} search={documents}>
          <span data-testid="takings">{money(today.takings_minor, today.currency)}</span>
        </Figure>
        <Figure label={t("average")} note={t("tickets", { count: today.tickets })} search={documents}>
          {money(today.average_minor, today.currency)}
        </Figure>
        <Figure label={t("items")} note={t("perTicket")} search={documents}>
          {decimal(today.items)}
        </Figure>
        {today.refunds > 0 && (
          <Figure
            to="/refunds"
            label={r("title")}
            note={r("count", { count: today.refunds })}
            search={documents}
          >
            <span data-testid="refunded">{money(today.refunded_minor, today.currency)}</span>
          </Figure>
        )}
      </div>
      <Card title={t("byHour")}>
        <Hours hours={today.by_hour} currency={today.currency} search={documents} />
      </Card>
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        <Card title={t("topSellers")}>
          <table className="w-full">
            <thead className="sr-only">
              <tr>
                <th scope="col">{t("product")}</th>
                <th scope="col">{t("quantity")}</th>
                <th scope="col">{t("turnover")}</th>
              </tr>
            </thead>
            <tbody>
              {today.top_sellers.map((seller) => (
                <tr
                  key={`${seller.variant_id} ${seller.unit}`}
                  className="border-b border-line-2 last:border-b-0"
                >
                  <td className="py-2">
                    <Link
                      to="/sales"
                      search={{ ...documents, variant: seller.variant_id }}
                      title={t("seeSales")}
                      className="hit hover:text-accent hover:underline"
                    >
                      {seller.name}
                    </Link>
                  </td>
                  <td className="num px-4 py-2 text-ink-2">{quantity(seller.quantity, seller.unit)}</td>
                  <td className="num py-2">{money(seller.total_minor, today.currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
        <Card title={t("stores")}>
          <table className="w-full">
            <thead className="sr-only">
              <tr>
                <th scope="col">{t("store")}</th>
                <th scope="col">{t("quantity")}</th>
                <th scope="col">{t("takings")}</th>
              </tr>
            </thead>
            <tbody>
              {today.stores.map((one) => (
                <tr key={one.store_id} className="border-b border-line-2 last:border-b-0">
                  <td className="py-2">
                    <Link
                      to="/sales"
                      search={{ store: one.store_id, day: one.business_day }}
                      className="hit hover:text-accent hover:underline"
                    >
                      {one.name}
                    </Link>
                  </td>
                  <td className="num px-4 py-2 text-ink-2">{t("tickets", { count: one.tickets })}</td>
                  <td className="num py-2">{money(one.takings_minor, today.currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Card>
      </div>
    </div>
  );
}

interface FigureProps {
  to?: "/sales" | "/refunds";
  label: string;
  note: string;
  search: { day?: string; store?: string };
  children: ReactNode;
}

function Figure({ to = "/sales", label, note, search, children }: FigureProps) {
  const t = useTranslations("insight");
  const r = useTranslations("refunds");
  return (
    <Link
      to={to}
      search={search}
      title={to === "/sales" ? t("seeSales") : r("seeRefunds")}
      className="grid gap-1 rounded-xl border border-line bg-panel p-4 transition-colors duration-100 hover:border-accent"
    >
      <span className="text-sm font-medium text-ink-2">{label}</span>
      <span className="tabular text-3xl font-semibold tracking-tight">{children}</span>
      <span className="text-ink-2">{note}</span>
    </Link>
  );
}
