// Sending a file of a record in pieces: what breaks off goes on from where the shop says it is.
import { type FileOut, filesAnnounceFile, filesFinishFile, filesGetFile, filesSendPiece } from "@/api";
import { ApiProblem } from "@/http";
import { newId } from "@/ids";

export const PIECE_BYTES = 4 * 1024 * 1024;
const MOST_TRIES = 5;
const PAUSE_MS = 1000;

/** Whose files these are. */
export interface Owner {
  kind: string;
  id: string;
}

/** Send a file and return what became of it; `tell` hears how much has arrived, from 0 to 100. */
export async function sendFile(owner: Owner, file: File, tell: (percent: number) => void): Promise<FileOut> {
  const wanted = {
    id: newId(),
    owner_kind: owner.kind,
    owner_id: owner.id,
    filename: file.name,
    size: file.size,
  };
  let known = await again(() => filesAnnounceFile({ body: wanted }));
  let failures = 0;
  while (known.received < file.size) {
    const offset = known.received;
    try {
      known = await filesSendPiece({
        path: { file_id: wanted.id },
        query: { offset },
        body: file.slice(offset, offset + PIECE_BYTES),
        headers: { "Content-Type": "application/octet-stream" },
      });
      failures = 0;
    } catch (failure) {
      failures += 1;
      if (failures >= MOST_TRIES || isRefused(failure)) throw failure;
      await pause(failures);
      known = await again(() => filesGetFile({ path: { file_id: wanted.id } }));
    }
    tell(Math.floor((100 * known.received) / file.size));
  }
  const sha256 = await hashOf(file);
  return again(() => filesFinishFile({ path: { file_id: wanted.id }, body: { sha256 } }));
}

/** Whether trying again is of no use: the shop has answered, and not that a piece follows another one. */
export function isRefused(failure: unknown): boolean {
  return failure instanceof ApiProblem && failure.status < 500 && failure.code !== "files.wrong_offset";
}

async function again<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (failure) {
      if (tries >= MOST_TRIES || isRefused(failure)) throw failure;
      await pause(tries);
    }
  }
}

function pause(times: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS * times));
}

/** The SHA-256 of a file; none on pages without TLS, where browsers have no such function. */
async function hashOf(file: Blob): Promise<string | null> {
  if (!window.isSecureContext) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
