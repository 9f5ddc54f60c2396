// What the program knows of the person who looks at their own account.
import { useQuery } from "@tanstack/react-query";

import { identityListDevices, identityReadAccount, identityReadPin } from "@/api";

export const ACCOUNT = ["account"];
export const PIN = ["account", "pin"];
export const DEVICES = ["account", "devices"];

export function useAccount() {
  return useQuery({ queryKey: ACCOUNT, queryFn: ({ signal }) => identityReadAccount({ signal }) });
}

export function useDevices() {
  return useQuery({ queryKey: DEVICES, queryFn: ({ signal }) => identityListDevices({ signal }) });
}

export function usePin() {
  return useQuery({ queryKey: PIN, queryFn: ({ signal }) => identityReadPin({ signal }) });
}
