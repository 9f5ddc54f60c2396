// Using a one-time link: the first owner's, or an invitation. The token is in the fragment, which no server sees.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityAcceptInvitation, identityCheckInvitation, type InvitationCheckOut } from "@/api";
import { GoTo } from "@/app/go-to";
import { useSession } from "@/app/session";
import { ApiProblem } from "@/http";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";

import { Entry } from "./entry";
import { fieldError } from "./field-error";
import { NewPassword, useVerdict } from "./password-field";

export function AcceptPage({ isFirst }: { isFirst: boolean }) {
  const t = useTranslations("identity");
  const [token] = useState(() => window.location.hash.slice(1));
  const [isAccepted, setAccepted] = useState(false);
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => identityCheckInvitation({ body: { token } }),
    retry: false,
    staleTime: Infinity,
  });
  if (isAccepted) return <GoTo href="/" />;
  if (invitation.isPending) {
    return (
      <Entry title={t("checking")}>
        <SkeletonRows rows={3} />
      </Entry>
    );
  }
  if (invitation.isError) {
    return invitation.error instanceof ApiProblem && invitation.error.status < 500 ? (
      <Entry title={t("linkUnknown")} lead={t("linkUnknownHint")} />
    ) : (
      <ErrorState failure={invitation.error} onRetry={() => void invitation.refetch()} />
    );
  }
  const { role } = invitation.data;
  return (
    <Entry
      title={isFirst ? t("setupTitle") : t("joinTitle", { shop: t("theShop") })}
      lead={isFirst ? t("setupLead") : t("joinLead", { role })}
    >
      <AcceptForm
        token={token}
        invitation={invitation.data}
        isFirst={isFirst}
        onAccepted={() => setAccepted(true)}
      />
    </Entry>
  );
}

interface AcceptFormProps {
  token: string;
  invitation: InvitationCheckOut;
  isFirst: boolean;
  onAccepted: () => void;
}

function AcceptForm({ token, invitation, isFirst, onAccepted }: AcceptFormProps) {
  const t = useTranslations("identity");
  const { begin } = useSession();
  const [name, setName] = useState(invitation.name ?? "");
  const [email, setEmail] = useState(invitation.email ?? "");
  const [password, setPassword] = useState("");
  const verdict = useVerdict(password, { token, name, email });
  const accept = useMutation({
    mutationFn: () => identityAcceptInvitation({ body: { token, name, email, password } }),
    onSuccess: (session) => {
      begin(session);
      onAccepted();
    },
  });
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate();
      }}
    >
      <Refusal failure={accept.error} />
      <TextField
        label={t("name")}
        autoComplete="name"
        required
        autoFocus
        maxLength={100}
        inputSize="lg"
        error={fieldError(accept.error, "name")}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t("email")}
        type="email"
        autoComplete="username"
        required
        disabled={invitation.email !== null}
        inputSize="lg"
        error={fieldError(accept.error, "email")}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <NewPassword
        value={password}
        onValue={setPassword}
        verdict={verdict}
        error={fieldError(accept.error, "password")}
      />
      <Button
        type="submit"
        kind="primary"
        size="lg"
        isBusy={accept.isPending}
        disabled={verdict.problem !== null || accept.isPending}
      >
        {isFirst ? t("create") : t("join")}
      </Button>
    </form>
  );
}
