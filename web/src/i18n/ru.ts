// The Russian catalogue: what everybody needs at once, the till first. One file per part of the app, by name.
import common from "./ru/common.json";
import factors from "./ru/factors.json";
import identity from "./ru/identity.json";
import pins from "./ru/pins.json";
import sales from "./ru/sales.json";
import till from "./ru/till.json";
import type { Core } from "./language";

export const core: Core = {
  common,
  factors,
  identity,
  pins,
  sales,
  till,
};
