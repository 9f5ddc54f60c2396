// The one client that every generated operation goes through: CSRF token and request id on the way out, problem
// details on the way back.
import type { Problem as KnownProblem } from "@/api";
import { client } from "@/api/client.gen";

import { newId } from "./ids";

/** What the program says when it refuses: RFC 9457, with a stable code, the request's reference and extra facts. */
export type Problem = Partial<KnownProblem> &
  Pick<KnownProblem, "title" | "status" | "code" | "detail"> & { [extra: string]: unknown };

export class ApiProblem extends Error {
  /** `retryAfter` are the seconds to wait before the next try, when the program said so. */
  constructor(
    readonly problem: Problem,
    readonly retryAfter?: number,
  ) {
    super(problem.detail);
    this.name = "ApiProblem";
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** Thrown when no answer came: the call may or may not have been carried out. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super("no answer", { cause });
    this.name = "NoAnswer";
  }
}

/** How the program says that nothing can be changed at the moment, for anybody. */
export const READ_ONLY = "read_only";

/** How the program, or the proxy before it, says that too much is being asked: the call was not begun. */
export const OVERLOADED = "overloaded";
/** The virus scanner is away: nothing was taken, and the same is to be sent again. */
export const SCANNER_AWAY = "files.scanner_away";

let csrfToken = "";
/** Under which token each call has begun, which tells whose session a late answer is about. */
const begunUnder = new WeakMap<Request, string>();
let onSignedOut: () => void = () => undefined;
let askAgain: () => Promise<boolean> = () => Promise.resolve(false);
let onReadOnly: () => void = () => undefined;
let readToken: () => Promise<boolean> = () => Promise.resolve(false);

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Say what happens when a call finds that nobody is signed in any more. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** Say what happens when a call finds that nothing can be changed at the moment. */
export function whenReadOnly(action: () => void): void {
  onReadOnly = action;
}

/** Say how a person gives a second factor once more, as dangerous acts ask for; false when they do not want to. */
export function whenFactorIsStale(action: () => Promise<boolean>): void {
  askAgain = action;
}

/** Say how the token for writes is read anew, as after the session was renewed in another tab; false when it is not the same person's. */
export function whenTokenIsOld(action: () => Promise<boolean>): void {
  readToken = action;
}

/** Point the generated operations at the program of `origin`; they throw ApiProblem or NoAnswer from now on. */
export function connect(origin: string): void {
  client.setConfig({ baseUrl: origin, credentials: "same-origin", fetch: send });
  client.interceptors.request.clear();
  client.interceptors.request.use(announce);
  client.interceptors.error.clear();
  client.interceptors.error.use((failure, response, request, { signal }) =>
    response !== undefined && !response.ok
      ? refusal(response, failure, response.headers.get("Retry-After"), request && begunUnder.get(request))
      : signal?.aborted
        ? failure
        : new NoAnswer(failure),
  );
}

function announce(request: Request): Request {
  begunUnder.set(request, csrfToken);
  request.headers.set("X-Request-ID", newId());
  if (request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
  return request;
}

/** Send a call; a write that was refused for want of a fresh factor or of the present token is repeated with it. */
async function send(input: RequestInfo | URL): Promise<Response> {
  const request = input instanceof Request ? input : new Request(input);
  const again = request.method === "GET" ? null : request.clone();
  // eslint-disable-next-line no-restricted-globals -- the one place through which every operation goes
  const answer = await fetch(request);
  if (again === null || answer.status !== 403) return answer;
  const told: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  const code = isProblem(told) ? told.code : "";
  const isReady =
    code === "fresh_factor_needed" ? await askAgain() : code === "csrf_failed" ? await readToken() : false;
  if (!isReady) return answer;
  begunUnder.set(request, csrfToken);
  again.headers.set("X-CSRF-Token", csrfToken);
  // eslint-disable-next-line no-restricted-globals -- as above
  return fetch(again);
}

/** Send a file as it is and tell how much of it is there (0 to 1), which fetch cannot; throws ApiProblem or NoAnswer. */
export function sendBytes<Answer>(
  address: string,
  body: Blob,
  onProgress: (share: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    const begun = csrfToken;
    asked.open("POST", address);
    asked.setRequestHeader("Content-Type", "application/octet-stream");
    asked.setRequestHeader("X-Request-ID", newId());
    asked.setRequestHeader("X-CSRF-Token", csrfToken);
    asked.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    asked.onerror = () => reject(new NoAnswer(undefined));
    asked.onload = () => {
      const answer = readJson(asked.responseText);
      if (asked.status >= 200 && asked.status < 300) resolve(answer as Answer);
      else reject(refusal(asked, answer, asked.getResponseHeader("Retry-After"), begun));
    };
    asked.send(body);
  });
}

/** What is no JSON is an answer that nobody can read, such as a proxy's page. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(
  response: Pick<Response, "status" | "statusText">,
  body: unknown,
  retryAfter: string | null,
  begun: string | undefined,
): ApiProblem {
  const problem: Problem = isProblem(body)
    ? body
    : { title: response.statusText, status: response.status, code: "unreadable", detail: "" };
  // What was asked in a session that another one has followed says nothing about that one.
  const isOfNow = begun === csrfToken;
  if (isOfNow && response.status === 401 && problem.code === "identity.not_signed_in") onSignedOut();
  if (problem.code === READ_ONLY) onReadOnly();
  return new ApiProblem(problem, secondsOf(retryAfter));
}

/** The program writes seconds; a date, which a proxy may write, is left to the usual waiting. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";
}
