import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ApiProblem, connect } from "@/http";

import { sendFile } from "./upload";

let asked: Request[] = [];

function answering(status: number, body: unknown): void {
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request);
    return Promise.resolve(
      new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } }),
    );
  });
}

beforeEach(() => {
  asked = [];
  connect("http://shop.test");
});
afterEach(() => vi.unstubAllGlobals());

it.each([
  ["text/csv", "text/csv"],
  ["application/vnd.ms-excel", "application/octet-stream"],
  ["", "application/octet-stream"],
])("sends a file that the browser calls %j as %s, byte by byte", async (kind, sent) => {
  answering(202, { id: "i1" });
  const bytes = new Uint8Array([0xff, 0xfe, 0x00, 0x41, 0x0d, 0x0a]);
  await sendFile({ file: new File([bytes], "чай & co.csv", { type: kind }), storeId: "s1" });
  const [request] = asked;
  if (request === undefined) throw new Error("a request is expected");
  const { pathname, searchParams } = new URL(request.url);
  expect([request.method, pathname, request.headers.get("Content-Type")]).toEqual([
    "POST",
    "/api/v1/catalog/imports",
    sent,
  ]);
  expect([searchParams.get("filename"), searchParams.get("store_id")]).toEqual(["чай & co.csv", "s1"]);
  expect(searchParams.get("id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Uint8Array(await request.arrayBuffer())).toEqual(bytes);
});

it("gives every try an id of its own: the program knows the file by its content", async () => {
  answering(200, { id: "i1", is_repeat: true });
  const upload = { file: new File(["a"], "a.csv"), storeId: "s1" };
  expect((await sendFile(upload)).is_repeat).toBe(true);
  await sendFile(upload);
  const [first, second] = asked.map((request) => new URL(request.url).searchParams.get("id"));
  expect(first).not.toBe(second);
});

it("tells why a file is refused", async () => {
  answering(413, { status: 413, code: "too_large", title: "", detail: "At most 20 MB." });
  const failure = await sendFile({ file: new File(["a"], "a.csv"), storeId: "s1" }).catch(
    (one: unknown) => one,
  );
  expect(failure).toBeInstanceOf(ApiProblem);
  expect(failure).toMatchObject({ status: 413, message: "At most 20 MB." });
});
