// Giving the money for goods of a sale back: what comes back, why, at which till, and how it is paid out.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { posApproveRefund, posRefundSale, type RefundIn, type RefundOut, type SaleLeftOut } from "@/api";
import { useSession } from "@/app/session";
import { useShopFacts } from "@/features/sales/queries";
import { ApprovalDialog } from "@/features/till/approval";
import { REGISTERS, useRegisters } from "@/features/till/queries";
import { countingOf, type Register } from "@/features/till/types";
import { useConnection } from "@/features/till/use-connection";
import { ApiProblem, NoAnswer, OVERLOADED, READ_ONLY } from "@/http";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { useMoney } from "@/ui/money";
import { ErrorState, Refusal } from "@/ui/states";

import { type Choice, linesOf, payoutOf, tendersOf } from "./choice";
import { Given } from "./given";
import { RefundLines } from "./lines";
import { NO_CARD_NOTE, PayoutFields, type PayoutChoice } from "./payout";
import { leftKey, useLeft } from "./queries";

const REFUND = "pos.refund";
/** With these the program says that it has not begun. */
const NOT_BEGUN: ReadonlySet<string> = new Set([OVERLOADED, READ_ONLY]);

interface RefundDialogProps {
  saleId: string;
  number: string;
  /** The till that gives the money, unless another one is chosen. */
  registerId?: string;
  onClose: () => void;
}

export function RefundDialog({ saleId, number, registerId, onClose }: RefundDialogProps) {
  const t = useTranslations("refunds");
  const left = useLeft(saleId);
  const [given, setGiven] = useState<RefundOut | null>(null);
  const registers = useOpenRegisters();
  return (
    <Dialog title={given === null ? t("refundOf", { number }) : t("given")} isOpen onClose={onClose} side>
      {given !== null ? (
        <Given refund={given} onDone={onClose} />
      ) : left.isError || registers.isError ? (
        <ErrorState failure={left.error ?? registers.error} onRetry={() => void left.refetch()} />
      ) : left.isPending || registers.data === undefined ? (
        <SkeletonRows />
      ) : registers.data.length === 0 ? (
        <p className="text-lg text-ink-2">{t("noShift")}</p>
      ) : (
        <RefundForm left={left.data} registers={registers.data} preferred={registerId} onGiven={setGiven} />
      )}
    </Dialog>
  );
}

/** The tills that can give money back: those with an open shift; who is signed in by PIN works at one. */
function useOpenRegisters() {
  const { session } = useSession();
  const registers = useRegisters();
  const station = session?.station ?? null;
  const open = registers.data?.filter(
    (one) => one.open_shift !== null && (station === null || station.place_id === one.id),
  );
  return { data: open, isError: registers.isError, error: registers.error };
}

interface RefundFormProps {
  left: SaleLeftOut;
  registers: readonly Register[];
  preferred: string | undefined;
  onGiven: (refund: RefundOut) => void;
}

function RefundForm({ left, registers, preferred, onGiven }: RefundFormProps) {
  const t = useTranslations("refunds");
  const money = useMoney();
  const { session, may } = useSession();
  const { isReachable } = useConnection();
  const [choice, setChoice] = useState<Choice>({});
  const [reason, setReason] = useState("");
  const [registerId, setRegisterId] = useState(
    (registers.find((one) => one.id === preferred) ?? registers[0])?.id ?? "",
  );
  const [paid, setPaid] = useState<PayoutChoice>({
    way: left.card_minor > 0 ? "card" : "cash",
    card: NO_CARD_NOTE,
  });
  const [asked, setAsked] = useState<RefundIn | null>(null);
  const register = registers.find((one) => one.id === registerId);
  const rounding = useCashRounding(register, left.currency);
  const payout = payoutOf(left, choice, paid.way, rounding);
  const give = useGive(left.sale_id, onGiven);
  const isUnheard = isUnknown(give.error);

  function send() {
    if (payout === null || register?.open_shift == null) return;
    const body: RefundIn = {
      id: newId(),
      sale_id: left.sale_id,
      register_id: register.id,
      shift_id: register.open_shift.id,
      device_at: new Date().toISOString(),
      lines: linesOf(left, choice),
      reason: reason.trim(),
      tenders: tendersOf(payout, paid.card, newId),
      expected_total_minor: payout.totalMinor,
    };
    if (session?.station != null && !may(REFUND)) setAsked(body);
    else give.mutate({ body });
  }

  const isReady =
    payout !== null && register !== undefined && reason.trim() !== "" && isReachable && !give.isPending;
  return (
    <>
      <form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (isUnheard && give.variables !== undefined) give.mutate(give.variables);
          else send();
        }}
      >
        {!isReachable && (
          <p role="status" className="rounded-lg bg-warn-soft px-3 py-2 text-warn">
            {t("offline")}
          </p>
        )}
        <fieldset disabled={isUnheard || give.isPending} className="grid gap-5">
          <RefundLines left={left} choice={choice} onChoice={setChoice} />
          <TextField
            label={t("reason")}
            hint={t("reasonHint")}
            maxLength={200}
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <SelectField
            label={t("till")}
            value={register?.id ?? ""}
            onChange={(event) => setRegisterId(event.target.value)}
          >
            {/* Its shift was closed meanwhile: no other drawer takes its place unasked. */}
            {register === undefined && <option value="">—</option>}
            {registers.map((one) => (
              <option key={one.id} value={one.id}>
                {t("tillAt", { till: one.name, store: one.store_name })}
              </option>
            ))}
          </SelectField>
          <PayoutFields left={left} paid={paid} payout={payout} onPaid={setPaid} />
        </fieldset>
        <Refusal failure={give.error} />
        {isUnheard && <p className="text-ink-2">{t("askAgainHint")}</p>}
        <Button
          type="submit"
          kind="primary"
          size="xl"
          isBusy={give.isPending}
          disabled={isUnheard ? give.isPending : !isReady}
        >
          {isUnheard
            ? t("askAgain")
            : payout === null
              ? t("giveBack")
              : t("giveBackAmount", { amount: money(payout.payableMinor, left.currency) })}
        </Button>
      </form>
      {asked !== null && payout !== null && (
        <ApprovalDialog
          right={REFUND}
          text={t("approvalOf", { amount: money(payout.payableMinor, left.currency) })}
          approve={(approverId, pin) =>
            posApproveRefund({ body: { refund: asked, approver_id: approverId, pin } })
          }
          onApproved={(token) => {
            setAsked(null);
            give.mutate({ body: asked, token });
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

/**
 * Whether nobody knows if it was given: then only the very same call tells, and gives nothing twice. A proxy may answer
 * for the program, and the program's database may be lost after it has written.
 */
function isUnknown(failure: unknown): boolean {
  if (failure instanceof NoAnswer) return true;
  return failure instanceof ApiProblem && failure.status >= 500 && !NOT_BEGUN.has(failure.code);
}

interface Giving {
  body: RefundIn;
  token?: string;
}

function useGive(saleId: string, onGiven: (refund: RefundOut) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, token }: Giving) =>
      posRefundSale({ body, ...(token === undefined ? {} : { headers: { "x-approval": token } }) }),
    onSuccess: onGiven,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: leftKey(saleId) });
      void client.invalidateQueries({ queryKey: ["refunds", "list"] });
      void client.invalidateQueries({ queryKey: ["sales"] });
      void client.invalidateQueries({ queryKey: REGISTERS });
    },
  });
}

function useCashRounding(register: Register | undefined, currency: string) {
  const stores = useShopFacts().data?.stores;
  const store = stores?.find((one) => one.id === register?.store_id);
  return store === undefined ? null : countingOf(store, currency).cashRounding;
}
