// The English catalogue: what everybody needs at once, the till first. One file per part of the app, by name.
import common from "./en/common.json";
import factors from "./en/factors.json";
import identity from "./en/identity.json";
import pins from "./en/pins.json";
import sales from "./en/sales.json";
import till from "./en/till.json";

export const core = {
  common,
  factors,
  identity,
  pins,
  sales,
  till,
};
