// Ending mails by the link in one of them, without signing in: asked first, because programs look at links too.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { notificationsCheckUnsubscribe, notificationsUnsubscribe } from "@/api";
import { Entry } from "@/features/identity/entry";
import { ApiProblem } from "@/http";
import { useLanguage } from "@/i18n/provider";
import { Button, buttonStyle } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

export function LeavePage() {
  const { isWhole } = useLanguage();
  return isWhole ? <Leave /> : null;
}

function Leave() {
  const t = useTranslations("notifications");
  const [token] = useState(() => window.location.hash.slice(1));
  const leaving = useQuery({
    queryKey: ["leaving", token],
    queryFn: () => notificationsCheckUnsubscribe({ body: { token } }),
    retry: false,
    staleTime: Infinity,
  });
  const end = useMutation({ mutationFn: () => notificationsUnsubscribe({ query: { token } }) });
  if (leaving.isPending) {
    return (
      <Entry title={t("leaving")}>
        <SkeletonRows rows={2} />
      </Entry>
    );
  }
  if (leaving.isError) {
    return leaving.error instanceof ApiProblem && leaving.error.status < 500 ? (
      <Entry title={t("leaveUnknown")} lead={t("leaveUnknownHint")}>
        <ToPreferences />
      </Entry>
    ) : (
      <ErrorState failure={leaving.error} onRetry={() => void leaving.refetch()} />
    );
  }
  const title = leaving.data.title ?? t("summary");
  if (end.isSuccess) {
    return (
      <Entry title={t("left")} lead={t("leftHint", { title })}>
        <ToPreferences />
      </Entry>
    );
  }
  return (
    <Entry title={t("leaving")} lead={t("leavingHint", { title })}>
      <Refusal failure={end.error} />
      <Button kind="primary" size="lg" isBusy={end.isPending} onClick={() => end.mutate()}>
        {t("leave")}
      </Button>
      <ToPreferences />
    </Entry>
  );
}

function ToPreferences() {
  const t = useTranslations("notifications");
  return (
    <Link to="/account" hash="notifications" className={buttonStyle("plain", "lg")}>
      {t("chooseAll")}
    </Link>
  );
}
