// My account: who I am here, and how this device shows the program. Each part is a section of its own.
import { useTranslations } from "use-intl";

import { Preferences } from "@/app/preferences";
import { useSession } from "@/app/session";
import { Card, Page } from "@/ui/page";

import { Keys } from "./keys";

export function AccountPage() {
  const t = useTranslations("account");
  return (
    <Page title={t("title")}>
      <div className="mx-auto grid max-w-4xl gap-4 p-6">
        <Profile />
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

function Profile() {
  const t = useTranslations("account");
  const common = useTranslations("common");
  const { session } = useSession();
  if (!session) return null;
  const facts = [
    [t("name"), session.person.name],
    [t("email"), session.person.email],
    [t("role"), common("role", { role: session.person.role })],
  ] as const;
  return (
    <Card title={t("profile")}>
      <dl className="grid grid-cols-[10rem_1fr] gap-y-2">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-2">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
