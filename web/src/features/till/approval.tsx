// Somebody else approves, by PIN on the spot, what the cashier may not do alone; the approval is for this one ticket.
import { useMutation, useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { identityListApprovers, posApproveSale, type StationPersonOut } from "@/api";
import { Names } from "@/features/pins/names";
import { PinPad } from "@/features/pins/pad";
import { PinRefusal } from "@/features/pins/refusal";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SkeletonRows } from "@/ui/marks";
import { useMoney } from "@/ui/money";
import { EmptyState, ErrorState } from "@/ui/states";

import type { SaleBody } from "./outbox";

interface ApprovalProps {
  sale: SaleBody;
  right: string;
  discountMinor: number;
  currency: string;
  onApproved: (token: string) => void;
  onClose: () => void;
}

export function ApprovalDialog({ sale, right, discountMinor, currency, onApproved, onClose }: ApprovalProps) {
  const t = useTranslations("pins");
  const money = useMoney();
  const [person, setPerson] = useState<StationPersonOut | null>(null);
  const approvers = useQuery({
    queryKey: ["till", "approvers", right],
    queryFn: async ({ signal }) => (await identityListApprovers({ query: { right }, signal })).items,
  });
  return (
    <Dialog title={t("approvalTitle")} isOpen onClose={onClose}>
      <div className="grid gap-4 text-lg">
        <p>{t("approvalOf", { amount: money(discountMinor, currency) })}</p>
        {person !== null ? (
          <ApproverPin
            key={person.id}
            person={person}
            sale={sale}
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
  sale: SaleBody;
  onApproved: (token: string) => void;
  onBack: () => void;
}

function ApproverPin({ person, sale, onApproved, onBack }: ApproverPinProps) {
  const t = useTranslations("pins");
  const [refusals, setRefusals] = useState(0);
  const approve = useMutation({
    mutationFn: (pin: string) => posApproveSale({ body: { sale, approver_id: person.id, pin } }),
    onSuccess: ({ token }) => onApproved(token),
    onError: () => setRefusals((count) => count + 1),
  });
  return (
    <div className="grid gap-4">
      <p className="text-center font-semibold">{t("pinOf", { name: person.name })}</p>
      <PinRefusal failure={approve.error} />
      <PinPad
        label={t("pinOf", { name: person.name })}
        isBusy={approve.isPending}
        refusals={refusals}
        onPin={(pin) => approve.mutate(pin)}
      />
      <Button size="lg" kind="quiet" onClick={onBack}>
        <ArrowLeft size={17} aria-hidden className="rtl:rotate-180" />
        {t("otherName")}
      </Button>
    </div>
  );
}
