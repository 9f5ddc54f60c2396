// Before the first sale: what to do next.
import { Link, type LinkProps } from "@tanstack/react-router";
import { ChevronRight, Package, ShoppingBasket, Store, Upload, UserPlus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";

export function Start({ hasShop }: { hasShop: boolean }) {
  const t = useTranslations("insight");
  const { may } = useSession();
  return (
    <div className="mx-auto grid w-full max-w-2xl gap-5 px-6 py-10">
      <div className="grid gap-1.5">
        <h2 className="text-3xl font-semibold tracking-tight">{hasShop ? t("startTitle") : t("noShop")}</h2>
        <p className="text-lg text-ink-2">{hasShop ? t("startLead") : t("noShopHint")}</p>
      </div>
      <ul className="grid overflow-hidden rounded-2xl border border-line bg-panel">
        {!hasShop && (
          <Next
            to="/settings"
            icon={<Store size={20} aria-hidden />}
            title={t("noShop")}
            hint={t("noShopHint")}
          />
        )}
        {hasShop && (
          <>
            <Next
              to="/till"
              icon={<ShoppingBasket size={20} aria-hidden />}
              title={t("openTill")}
              hint={t("openTillHint")}
            />
            <Next
              to="/catalogue"
              icon={<Package size={20} aria-hidden />}
              title={t("seeCatalogue")}
              hint={t("seeCatalogueHint")}
            />
            {may("catalog.import") && (
              <Next
                to="/catalogue/imports"
                icon={<Upload size={20} aria-hidden />}
                title={t("importOwn")}
                hint={t("importOwnHint")}
              />
            )}
            {may("identity.manage") && (
              <Next
                to="/settings"
                icon={<UserPlus size={20} aria-hidden />}
                title={t("invite")}
                hint={t("inviteHint")}
              />
            )}
          </>
        )}
      </ul>
    </div>
  );
}

interface NextProps {
  to: NonNullable<LinkProps["to"]>;
  icon: ReactNode;
  title: string;
  hint: string;
}

function Next({ to, icon, title, hint }: NextProps) {
  return (
    <li className="border-b border-line-2 last:border-b-0">
      <Link to={to} className="flex items-center gap-4 px-5 py-4 hover:bg-line-2">
        <span className="grid size-10 shrink-0 place-content-center rounded-xl bg-accent-soft text-accent">
          {icon}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block text-lg font-medium">{title}</span>
          <span className="block text-ink-2">{hint}</span>
        </span>
        <ChevronRight size={18} aria-hidden className="text-ink-3 rtl:rotate-180" />
      </Link>
    </li>
  );
}
