// The line on top of the till: which till, is everything sent, whose shift.
import { Link } from "@tanstack/react-router";
import { Keyboard, Lock, LogOut, Undo2, Wallet } from "lucide-react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import { Badge, Dot, Kbd } from "@/ui/marks";
import { useTime } from "@/ui/money";

import type { Register } from "./types";
import type { OutboxState } from "./use-outbox";

interface StatusBarProps {
  register: Register;
  shift: NonNullable<Register["open_shift"]>;
  zone: string;
  outbox: OutboxState;
  onKeys: () => void;
  onRefund: () => void;
  onClose: () => void;
  onLeave: () => void;
}

const ACT =
  "inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-lg px-2 text-ink-2 hover:bg-line-2 hover:text-ink";

export function StatusBar({
  register,
  shift,
  zone,
  outbox,
  onKeys,
  onRefund,
  onClose,
  onLeave,
}: StatusBarProps) {
  const t = useTranslations("till");
  const { session, lock, may } = useSession();
  const isAtStation = Boolean(session?.station);
  const time = useTime();
  return (
    <header className="flex min-h-13 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-panel px-5 text-base">
      <h1 className="font-semibold">
        {isAtStation ? (
          register.name
        ) : (
          <button type="button" onClick={onLeave} title={t("otherTill")} className="min-h-11 min-w-11">
            {register.name}
          </button>
        )}
      </h1>
      {isAtStation ? (
        <span className="text-ink-2 max-sm:hidden">{register.store_name}</span>
      ) : (
        <Link to="/" className="inline-flex min-h-11 items-center text-ink-2 hover:text-ink max-sm:hidden">
          {register.store_name}
        </Link>
      )}
      <span role="status">
        <Connection outbox={outbox} />
      </span>
      <div className="flex-1" />
      <p className="text-ink-2 max-sm:hidden">
        {t("shiftSince", { time: time(shift.opened_at, zone), name: session?.person.name ?? "" })}
      </p>
      {may("pos.read_sales") && (
        <button type="button" className={ACT} onClick={onRefund}>
          <Undo2 size={16} aria-hidden className="rtl:-scale-x-100" />
          <span className="max-lg:sr-only">{t("refund")}</span>
          <span className="max-lg:hidden">
            <Kbd>{"F7"}</Kbd>
          </span>
        </button>
      )}
      <button type="button" className={ACT} onClick={onClose}>
        <Wallet size={16} aria-hidden />
        <span className="max-sm:sr-only">{t("closeShift")}</span>
        <span className="max-lg:hidden">
          <Kbd>{"F10"}</Kbd>
        </span>
      </button>
      <button type="button" className={`${ACT} max-lg:hidden`} onClick={onKeys}>
        <Keyboard size={16} aria-hidden />
        {t("keys")}
        <Kbd>{"?"}</Kbd>
      </button>
      {isAtStation ? (
        <button type="button" className={ACT} onClick={() => void lock()}>
          <Lock size={16} aria-hidden />
          {t("lock")}
        </button>
      ) : (
        <Link to="/" className={ACT} aria-label={t("backOffice")} title={t("backOffice")}>
          <LogOut size={16} aria-hidden />
        </Link>
      )}
    </header>
  );
}

function Connection({ outbox }: { outbox: OutboxState }) {
  const t = useTranslations("till");
  if (outbox.isReachable && outbox.unsent === 0) {
    return (
      <Badge tone="ok">
        <Dot />
        {t("allSent")}
      </Badge>
    );
  }
  return (
    <Badge tone={outbox.isReachable ? "plain" : "warn"}>
      <Dot />
      {outbox.isReachable ? t("sending", { count: outbox.unsent }) : t("unsent", { count: outbox.unsent })}
    </Badge>
  );
}
