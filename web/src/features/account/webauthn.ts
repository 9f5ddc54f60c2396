// Passkeys: what the program asks for becomes a call of the browser, and its answer what the program takes.
import type { AssertionIn, PasskeyCreationOut, PasskeyRequestOut, RegistrationIn } from "@/api";

/** Thrown when no passkey was given: the person changed their mind, or none of theirs fits. */
export class NoPasskey extends Error {
  constructor(cause: unknown) {
    super("no passkey", { cause });
    this.name = "NoPasskey";
  }
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

export function toBase64Url(bytes: ArrayBuffer): string {
  const characters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// No browser ties a passkey to an address by number.
const NUMBER = /^[\d.]+$|^\[/;

/** Whether this browser can keep passkeys on this page. */
export function arePasskeysHere(): boolean {
  return window.isSecureContext && "PublicKeyCredential" in window && !NUMBER.test(window.location.hostname);
}

const named = (ids: readonly string[]): PublicKeyCredentialDescriptor[] =>
  ids.map((id) => ({ type: "public-key", id: fromBase64Url(id) }));

export function creationOf(asked: PasskeyCreationOut): PublicKeyCredentialCreationOptions {
  return {
    rp: { id: asked.site, name: asked.title },
    user: { id: fromBase64Url(asked.user), name: asked.user_name, displayName: asked.user_title },
    challenge: fromBase64Url(asked.challenge),
    pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
    timeout: asked.seconds * 1000,
    excludeCredentials: named(asked.credentials),
    authenticatorSelection: {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
    attestation: "none",
  };
}

export function requestOf(asked: PasskeyRequestOut): PublicKeyCredentialRequestOptions {
  return {
    rpId: asked.site,
    challenge: fromBase64Url(asked.challenge),
    timeout: asked.seconds * 1000,
    allowCredentials: named(asked.credentials),
    userVerification: "required",
  };
}

async function given(call: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await call.catch((failure: unknown) => {
    throw new NoPasskey(failure);
  });
  if (credential instanceof PublicKeyCredential) return credential;
  throw new NoPasskey(undefined);
}

/** Have the browser make a passkey; throws NoPasskey. */
export async function makePasskey(asked: PasskeyCreationOut, name: string): Promise<RegistrationIn> {
  const credential = await given(navigator.credentials.create({ publicKey: creationOf(asked) }));
  const { response } = credential;
  if (!(response instanceof AuthenticatorAttestationResponse)) throw new NoPasskey(undefined);
  return {
    name,
    credential: toBase64Url(credential.rawId),
    client_data: toBase64Url(response.clientDataJSON),
    attestation: toBase64Url(response.attestationObject),
  };
}

/** Have a passkey sign; throws NoPasskey. */
export async function signWithPasskey(asked: PasskeyRequestOut): Promise<AssertionIn> {
  const credential = await given(navigator.credentials.get({ publicKey: requestOf(asked) }));
  const { response } = credential;
  if (!(response instanceof AuthenticatorAssertionResponse)) throw new NoPasskey(undefined);
  return {
    kind: "passkey",
    credential: toBase64Url(credential.rawId),
    client_data: toBase64Url(response.clientDataJSON),
    authenticator_data: toBase64Url(response.authenticatorData),
    signature: toBase64Url(response.signature),
    user_handle: response.userHandle === null ? null : toBase64Url(response.userHandle),
  };
}
