// The till: choose a register, open it, sell, close it.
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";

import { SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { OpenShift } from "./open-shift";
import { useRegisters, useShop } from "./queries";
import { RegisterChoice } from "./register-choice";
import { Selling } from "./selling";
import { countingOf } from "./types";

const REMEMBERED = "tradepost.register";

export function TillPage() {
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

export function RegisterPage() {
  const { registerId } = useParams({ from: "/guarded/till/$registerId" });
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
