// My account: who I am here, how I sign in and where, and how this device shows the program. Each part is a section.
import { useTranslations } from "use-intl";

import { Preferences } from "@/app/preferences";
import { Card, Page } from "@/ui/page";

import { Devices } from "./devices";
import { SecondFactors } from "./factors";
import { Keys } from "./keys";
import { Password } from "./password";
import { Pin } from "./pin";
import { Profile } from "./profile";

export function AccountPage() {
  const t = useTranslations("account");
  return (
    <Page title={t("title")}>
      <div className="mx-auto grid max-w-4xl gap-4 p-6">
        <Profile />
        <Password />
        <SecondFactors />
        <Pin />
        <Devices />
        <Keys />
        <Card title={t("appearance")}>
          <p className="mb-3 text-ink-2">{t("appearanceHint")}</p>
          <div className="w-56">
            <Preferences />
          </div>
        </Card>
      </div>
    </Page>
  );
}
