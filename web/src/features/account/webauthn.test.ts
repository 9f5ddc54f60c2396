import { describe, expect, it } from "vitest";

import { creationOf, fromBase64Url, requestOf, toBase64Url } from "./webauthn";

describe("bytes on their way", () => {
  it("come back whatever they are", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(fromBase64Url(toBase64Url(bytes.buffer))).toEqual(bytes);
  });

  it("are written without what addresses give a meaning to", () => {
    expect(toBase64Url(Uint8Array.of(251, 255, 254, 1).buffer)).toBe("-__-AQ");
  });
});

const asked = { challenge: "AQI", site: "shop.example", credentials: ["Aw"], seconds: 300 };

describe("what the browser is asked for", () => {
  it("to sign: by a verified person, with one of the passkeys that are named", () => {
    expect(requestOf(asked)).toEqual({
      rpId: "shop.example",
      challenge: Uint8Array.of(1, 2),
      timeout: 300_000,
      allowCredentials: [{ type: "public-key", id: Uint8Array.of(3) }],
      userVerification: "required",
    });
  });

  it("to make: a passkey that tells its person by itself, and not twice on one device", () => {
    const made = creationOf({
      ...asked,
      title: "Shop",
      user: "BA",
      user_name: "ada@shop.example",
      user_title: "Ada",
      algorithms: [-8, -7],
    });
    expect(made.user).toEqual({ id: Uint8Array.of(4), name: "ada@shop.example", displayName: "Ada" });
    expect(made.pubKeyCredParams.map((one) => one.alg)).toEqual([-8, -7]);
    expect(made.authenticatorSelection?.residentKey).toBe("required");
    expect(made.authenticatorSelection?.userVerification).toBe("required");
    expect(made.excludeCredentials).toEqual([{ type: "public-key", id: Uint8Array.of(3) }]);
    expect(made.attestation).toBe("none");
  });
});
