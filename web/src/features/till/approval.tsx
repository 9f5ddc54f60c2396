// Somebody else approves, by PIN on the spot, what the cashier may not do alone; the approval is for this one act.
import { useMutation, useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityListApprovers, type SaleApprovalOut, type StationPersonOut } from "@/api";
import { Names } from "@/features/pins/names";
import { PinPad } from "@/features/pins/pad";
import { PinRefusal } from "@/features/pins/refusal";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/marks";
import { EmptyState, ErrorState } from "@/ui/states";

/** Ask the program for the approval of one act by somebody's PIN. */
type Approve = (approverId: string, pin: string) => Promise<SaleApprovalOut>;

interface ApprovalProps {
  right: string;
  /** What is to be approved, and the question who does. */
  text: string;
  approve: Approve;
  onApproved: (token: string) => void;
  onClose: () => void;
}

export function ApprovalDialog({ right, text, approve, onApproved, onClose }: ApprovalProps) {
  const t = useTranslations("pins");
  const [person, setPerson] = useState<StationPersonOut | null>(null);
  const approvers = useQuery({
    queryKey: ["till", "approvers", right],
    queryFn: async ({ signal }) => (await identityListApprovers({ query: { right }, signal })).items,
  });
  return (
    <Dialog title={t("approvalTitle")} isOpen onClose={onClose}>
      <div className="grid gap-4 text-lg">
        <p>{text}</p>
        {person !== null ? (
          <ApproverPin
            key={person.id}
            person={person}
            approve={approve}
            onApproved={onApproved}
            onBack={() => setPerson(null)}
          />
        ) : approvers.isError ? (
          <ErrorState failure={approvers.error} onRetry={() => void approvers.refetch()} />
        ) : approvers.isPending ? (
          <SkeletonRows rows={2} />
        ) : approvers.data.length === 0 ? (
          <EmptyState title={t("noApprover")}>{t("noApproverHint")}</EmptyState>
        ) : (
          <Names people={approvers.data} onChoose={setPerson} />
        )}
      </div>
    </Dialog>
  );
}

interface ApproverPinProps {
  person: StationPersonOut;
  approve: Approve;
  onApproved: (token: string) => void;
  onBack: () => void;
}

function ApproverPin({ person, approve, onApproved, onBack }: ApproverPinProps) {
  const t = useTranslations("pins");
  const [refusals, setRefusals] = useState(0);
  const approving = useMutation({
    mutationFn: (pin: string) => approve(person.id, pin),
    onSuccess: ({ token }) => onApproved(token),
    onError: () => setRefusals((count) => count + 1),
  });
  return (
    <div className="grid gap-4">
      <p className="text-center font-semibold">{t("pinOf", { name: person.name })}</p>
      <PinRefusal failure={approving.error} />
      <PinPad
        label={t("pinOf", { name: person.name })}
        isBusy={approving.isPending}
        refusals={refusals}
        onPin={(pin) => approving.mutate(pin)}
      />
      <Button size="lg" kind="quiet" onClick={onBack}>
        <ArrowLeft size={17} aria-hidden className="rtl:rotate-180" />
        {t("otherName")}
      </Button>
    </div>
  );
}
