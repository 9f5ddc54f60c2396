// Sending a file: it goes on where the shop says it is, and a shop that has no room is not asked for ever.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FileOut, filesAnnounceFile, filesFinishFile, filesGetFile, filesSendPiece } from "@/api";
import { PIECE_BYTES, sendFile } from "./send";

vi.mock("@/api", () => ({
  filesAnnounceFile: vi.fn(),
  filesFinishFile: vi.fn(),
  filesGetFile: vi.fn(),
  filesSendPiece: vi.fn(),
}));

const OWNER = { kind: "catalog.product", id: "one" };
const SIZE = PIECE_BYTES + 10;

function received(bytes: number): FileOut {
  return { received: bytes } as FileOut;
}

function sent(): Promise<FileOut> {
  return sendFile(OWNER, new File([new Uint8Array(SIZE)], "list.pdf"), () => undefined);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", { isSecureContext: false });
  vi.mocked(filesAnnounceFile).mockResolvedValue(received(0));
  vi.mocked(filesFinishFile).mockResolvedValue(received(SIZE));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

test("a piece that broke off is sent again from where the shop is", async () => {
  vi.mocked(filesSendPiece)
    .mockRejectedValueOnce(new TypeError("The network is away."))
    .mockResolvedValueOnce(received(SIZE));
  vi.mocked(filesGetFile).mockResolvedValue(received(PIECE_BYTES));

  const end = sent();
  await vi.runAllTimersAsync();

  expect((await end).received).toBe(SIZE);
  expect(vi.mocked(filesSendPiece).mock.calls.map(([call]) => call.query.offset)).toEqual([0, PIECE_BYTES]);
});

test("a shop that takes nothing is left alone after some tries", async () => {
  vi.mocked(filesSendPiece).mockRejectedValue(new TypeError("There is no room."));
  vi.mocked(filesGetFile).mockResolvedValue(received(0));

  const end = expect(sent()).rejects.toThrow("There is no room.");
  await vi.runAllTimersAsync();
  await end;

  expect(filesSendPiece).toHaveBeenCalledTimes(5);
  expect(filesFinishFile).not.toHaveBeenCalled();
});
