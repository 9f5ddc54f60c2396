// Letting somebody who forgot their password set a new one: a link that works once, made by whoever manages people.
import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityMakeResetLink } from "@/api";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Refusal } from "@/ui/states";

import { OneTimeLink } from "./one-time-link";

interface Person {
  id: string;
  name: string;
}

export function ResetLink({ person }: { person: Person }) {
  const t = useTranslations("identity");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t("resetLinkFor", { name: person.name })} onClick={() => setOpen(true)}>
        <KeyRound size={15} aria-hidden />
      </IconButton>
      <Dialog
        title={t("resetLinkFor", { name: person.name })}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        size="sm"
      >
        <Making person={person} />
      </Dialog>
    </>
  );
}

function Making({ person }: { person: Person }) {
  const t = useTranslations("identity");
  const make = useMutation({
    mutationFn: () => identityMakeResetLink({ path: { person_id: person.id } }),
  });
  if (make.data?.link_path === null) return <p>{t("resetLinkMailed", { name: person.name })}</p>;
  if (make.data !== undefined) return <OneTimeLink lead={t("resetLinkMade")} path={make.data.link_path} />;
  return (
    <div className="grid gap-4">
      <Refusal failure={make.error} />
      <p>{t("resetLinkHint", { name: person.name })}</p>
      <Button kind="primary" isBusy={make.isPending} onClick={() => make.mutate()}>
        {t("makeResetLink")}
      </Button>
    </div>
  );
}
