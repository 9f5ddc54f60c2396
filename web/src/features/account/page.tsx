// My account: who I am here, how I sign in and where, and how this device shows the program. Each part is a section.
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { Preferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { NotificationPreferences } from "@/features/notifications/preferences";
import { usePreferences } from "@/features/notifications/queries";
import { SkeletonRows } from "@/ui/marks";
import { Card, Page } from "@/ui/page";

import { Devices } from "./devices";
import { SecondFactors } from "./factors";
import { FACTORS } from "./factors-queries";
import { Keys } from "./keys";
import { useKeys } from "./keys-queries";
import { Password } from "./password";
import { Pin } from "./pin";
import { Profile } from "./profile";
import { useAccount, useDevices, usePin } from "./queries";

export function AccountPage() {
  const t = useTranslations("account");
  const isLoading = useIsLoading();
  return (
    <Page title={t("title")}>
      <div className="mx-auto grid max-w-4xl gap-4 p-6">
        {isLoading ? (
          <SkeletonRows rows={10} />
        ) : (
          <>
            <Profile />
            <Password />
            <Card title={t("appearance")}>
              <p className="mb-3 text-ink-2">{t("appearanceHint")}</p>
              <div className="w-56">
                <Preferences />
              </div>
            </Card>
            <NotificationPreferences />
            <Pin />
            <Devices />
            <Keys />
            <SecondFactors />
          </>
        )}
      </div>
    </Page>
  );
}

/** Whether a part is still to come: all are shown at once, so that none pushes another away from under the finger. */
function useIsLoading(): boolean {
  const { may } = useSession();
  const mayManageKeys = may("identity.keys");
  const parts = [
    useAccount(),
    useQuery(FACTORS),
    usePin(),
    useDevices(),
    useKeys("person"),
    usePreferences(),
  ];
  const ofServices = useKeys("service", mayManageKeys);
  return parts.some((part) => part.isPending) || (mayManageKeys && ofServices.isPending);
}
