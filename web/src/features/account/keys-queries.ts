// Under which name the keys of a person and of services are remembered.
export type Owner = "person" | "service";

export function keysOf(owner: Owner): readonly string[] {
  return ["keys", owner];
}
