// Who is signed in, and what they may do.
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";

import { identityReadSession, identitySignOut, type SessionOut } from "@/api";
import { ApiProblem, setCsrfToken, whenSignedOut, whenTokenIsOld } from "@/http";

import { endLocked, isLocked, keepEnding, noteLocked, noteUnlocked } from "./lock";

export type Session = SessionOut;

interface SessionState {
  /** The session, null when nobody is signed in, undefined while it is not known yet. */
  session: Session | null | undefined;
  may: (permission: string) => boolean;
  begin: (session: Session) => void;
  /** The same person goes on, in a session with another token, name or state. */
  renew: (session: Session) => void;
  end: () => Promise<void>;
  /** Leave the till to the next cashier; without a network too, when nobody can be signed out. */
  lock: () => Promise<void>;
}

const Current = createContext<SessionState | null>(null);
const KEY = ["session"];

async function readSession(): Promise<Session | null> {
  if (isLocked()) return null;
  try {
    const session = await identityReadSession();
    setCsrfToken(session.csrf_token);
    return session;
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.status === 401) return null;
    throw failure;
  }
}

/** Forget what the person before has seen; the session itself is watched and stays. */
function forget(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data: session } = useQuery({
    queryKey: KEY,
    queryFn: readSession,
    staleTime: Infinity,
    retry: true,
  });

  useEffect(() => {
    whenSignedOut(() => client.setQueryData(KEY, null));
    whenTokenIsOld(async () => {
      const before = client.getQueryData<Session | null>(KEY);
      const now = await readSession();
      client.setQueryData(KEY, now);
      // What somebody else began to do is not done in the name of whoever signed in meanwhile.
      if (now?.person.id === before?.person.id) return now !== null;
      forget(client);
      return false;
    });
  }, [client]);

  useEffect(keepEnding, []);

  const state = useMemo<SessionState>(
    () => ({
      session,
      may: (permission) => session?.permissions.includes(permission) ?? false,
      begin: (started) => {
        noteUnlocked();
        setCsrfToken(started.csrf_token);
        forget(client);
        client.setQueryData(KEY, started);
      },
      renew: (renewed) => {
        setCsrfToken(renewed.csrf_token);
        client.setQueryData(KEY, renewed);
      },
      end: async () => {
        await identitySignOut();
        client.setQueryData(KEY, null);
        forget(client);
      },
      lock: async () => {
        if (!session) return;
        noteLocked(session.person.id);
        client.setQueryData(KEY, null);
        forget(client);
        await endLocked();
      },
    }),
    [session, client],
  );
  return <Current value={state}>{children}</Current>;
}

export function useSession(): SessionState {
  const state = useContext(Current);
  if (state === null) throw new Error("useSession needs a SessionProvider");
  return state;
}
