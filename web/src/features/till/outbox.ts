// Sales on their way: kept on the device until the program has answered, and sent again with the same id and content.
// No answer is never taken for a refusal: the same call again is harmless (rules 18 and 19).
import { type DiscountIn, posCheckOut, type SaleIn, type SaleOut, type TenderIn } from "@/api";
import { ApiProblem, READ_ONLY } from "@/http";
import { askedToWait } from "@/retrying";

export type SaleBody = SaleIn;
export type TenderBody = TenderIn;
export type DiscountBody = DiscountIn;
export type SoldAnswer = SaleOut;

/** What became of an attempt: an answer, a refusal that trying again will not change, a wait, or nothing heard. */
export type Outcome =
  | { kind: "sold"; sale: SoldAnswer }
  | { kind: "refused"; failure: ApiProblem }
  | { kind: "later"; waitMs: number }
  | { kind: "unheard" };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const PATIENCE_MS = 10_000;
/** Nobody is signed in, or somebody else by now: the sale waits for the next one who is. */
const LOCKED = new Set(["identity.not_signed_in", "csrf_failed"]);

const key = (registerId: string) => `tradepost.outbox.${registerId}`;

export function readOutbox(registerId: string): SaleBody[] {
  return JSON.parse(localStorage.getItem(key(registerId)) ?? "[]") as SaleBody[];
}

export function keepInOutbox(registerId: string, sale: SaleBody): void {
  const others = readOutbox(registerId).filter((one) => one.id !== sale.id);
  localStorage.setItem(key(registerId), JSON.stringify([...others, sale]));
}

export function dropFromOutbox(registerId: string, saleId: string): void {
  const left = readOutbox(registerId).filter((one) => one.id !== saleId);
  if (left.length === 0) localStorage.removeItem(key(registerId));
  else localStorage.setItem(key(registerId), JSON.stringify(left));
}

/** Return how long to wait before attempt `attempt` (1 is the second): growing, never above 15 s. */
export function waitBefore(attempt: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
}

/** The program answers, and takes no sale at the moment: this one is kept, and nobody is offline. */
function waitWhileReadOnly(failure: unknown): number | undefined {
  if (!(failure instanceof ApiProblem) || failure.code !== READ_ONLY) return undefined;
  return Math.min((failure.retryAfter ?? 1) * 1000, LONGEST_WAIT_MS);
}

const isFinal = ({ status, code }: ApiProblem): boolean => status < 500 && !LOCKED.has(code);

/** Send a sale once, with its approval if it needed one. Whatever is not a clear answer counts as unheard. */
export async function sendSale(sale: SaleBody, approval: string | null = null): Promise<Outcome> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return { kind: "sold", sale: await posCheckOut({ body: sale, signal, ...headersOf(approval) }) };
  } catch (failure) {
    const waitMs = askedToWait(failure) ?? waitWhileReadOnly(failure);
    if (waitMs !== undefined) return { kind: "later", waitMs };
    if (failure instanceof ApiProblem && isFinal(failure)) return { kind: "refused", failure };
    return { kind: "unheard" };
  }
}

function headersOf(approval: string | null) {
  return approval === null ? {} : { headers: { "x-approval": approval } };
}
