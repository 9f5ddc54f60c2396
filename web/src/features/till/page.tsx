// The till: choose a register, open it, sell, close it.
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";

import { GoTo } from "@/app/go-to";
import { useSession } from "@/app/session";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { OpenShift } from "./open-shift";
import { useRegisters, useShop } from "./queries";
import { RegisterChoice } from "./register-choice";
import { Selling } from "./selling";
import { countingOf } from "./types";
import { useIdleLock } from "./use-idle-lock";

const REMEMBERED = "tradepost.register";

export function TillPage() {
  const { session } = useSession();
  return session?.station ? <GoTo href={`/till/${session.station.place_id}`} /> : <ChooseTill />;
}

function ChooseTill() {
  const navigate = useNavigate();
  const registers = useRegisters();
  const remembered = localStorage.getItem(REMEMBERED);
  const known = registers.data?.find((register) => register.id === remembered);

  useEffect(() => {
    if (known !== undefined) {
      void navigate({ to: "/till/$registerId", params: { registerId: known.id }, replace: true });
    }
  }, [known, navigate]);

  if (registers.isError)
    return <ErrorState failure={registers.error} onRetry={() => void registers.refetch()} />;
  if (registers.isPending || known !== undefined) return <SkeletonRows />;
  return (
    <RegisterChoice
      registers={registers.data}
      onChoose={(register) => {
        localStorage.setItem(REMEMBERED, register.id);
        void navigate({ to: "/till/$registerId", params: { registerId: register.id } });
      }}
    />
  );
}

/** A PIN opens the register that the device stands at, and locks when nobody touches it. */
export function RegisterPage() {
  const { registerId } = useParams({ from: "/guarded/till/$registerId" });
  const { session, lock } = useSession();
  const station = session?.station ?? null;
  useIdleLock(station?.idle_seconds ?? null, () => void lock());
  if (station !== null && station.place_id !== registerId) return <GoTo href={`/till/${station.place_id}`} />;
  return <OneRegister registerId={registerId} />;
}

function OneRegister({ registerId }: { registerId: string }) {
  const navigate = useNavigate();
  const registers = useRegisters();
  const shop = useShop();
  const leave = () => {
    localStorage.removeItem(REMEMBERED);
    void navigate({ to: "/till" });
  };

  if (registers.isError)
    return <ErrorState failure={registers.error} onRetry={() => void registers.refetch()} />;
  if (shop.isError) return <ErrorState failure={shop.error} onRetry={() => void shop.refetch()} />;
  if (registers.isPending || shop.isPending) return <SkeletonRows />;
  const register = registers.data.find((one) => one.id === registerId);
  const store = shop.data.stores.find((one) => one.id === register?.store_id);
  const { business } = shop.data;
  if (register === undefined || store === undefined || business === null) {
    return <RegisterChoice registers={registers.data} onChoose={leave} />;
  }
  if (register.open_shift === null) {
    return <OpenShift key={register.id} register={register} currency={business.currency} onLeave={leave} />;
  }
  return (
    <Selling
      key={register.id}
      register={register}
      shift={register.open_shift}
      zone={store.time_zone}
      counting={countingOf(store, business.currency)}
      onLeave={leave}
    />
  );
}
