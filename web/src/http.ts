// Calls to the program: CSRF token and request id on the way out, problem details on the way back.
import { newId } from "./ids";

/** What the program says when it refuses: RFC 9457, with a stable code and the request's reference. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  detail: string;
  request_id?: string;
  errors?: { field: string; code: string; message: string }[];
  [extra: string]: unknown;
}

export class ApiProblem extends Error {
  constructor(readonly problem: Problem) {
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

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Say what happens when a call finds that nobody is signed in any more. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

export interface CallOptions {
  query?: Record<string, string | number | readonly string[] | null | undefined>;
  json?: unknown;
  body?: Blob;
  signal?: AbortSignal;
}

/** Call the program; returns the JSON answer. Throws ApiProblem or NoAnswer. */
export async function call<Answer>(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const headers: Record<string, string> = { "X-Request-ID": newId(), Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrfToken;
  if (options.json !== undefined) headers["Content-Type"] = "application/json";
  if (options.body !== undefined) headers["Content-Type"] = options.body.type || "application/octet-stream";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.json !== undefined) init.body = JSON.stringify(options.json);
  if (options.body !== undefined) init.body = options.body;
  if (options.signal !== undefined) init.signal = options.signal;
  const response = await reach(`/api/v1${path}${search(options.query)}`, init);
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new NoAnswer(cause);
  }
}

async function refusal(response: Response): Promise<ApiProblem> {
  const problem = await response
    .json()
    .then((body: unknown) => body as Problem)
    .catch((): Problem => ({
      title: response.statusText,
      status: response.status,
      code: "unreadable",
      detail: "",
    }));
  if (response.status === 401 && problem.code === "identity.not_signed_in") onSignedOut();
  return new ApiProblem(problem);
}

function search(query: CallOptions["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of typeof value === "object" ? value : [value]) parameters.append(name, String(one));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}
