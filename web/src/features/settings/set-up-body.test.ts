import { expect, it } from "vitest";

import { bodyOf, readRates } from "./set-up-body";

it.each([
  ["20 10 5.5", ["20", "10", "5.5"]],
  ["20 10 5,5", ["20", "10", "5.5"]],
  ["20, 10, 5,5", ["20", "10", "5.5"]],
  ["20%; 10 %;5,5%", ["20", "10", "5.5"]],
  [" 20\t20  0 ", ["20", "0"]],
  ["20,", ["20"]],
  ["", []],
  // What is no rate goes to the program as it is, which says what is wrong with it.
  ["twenty -5 1e3", ["twenty", "-5", "1e3"]],
])("reads the rates %j as %j", (text, rates) => {
  expect(readRates(text).map((one) => one.rate)).toEqual(rates);
});

it("names a rate by its figure", () => {
  expect(readRates("5,5")).toEqual([{ rate: "5.5", name: "5.5 %" }]);
});

it("gives the first store the zone of the business, and the id that the client made", () => {
  const entered = {
    name: "Harbour Trading",
    currency: "EUR",
    country: "FR",
    zone: "Europe/Paris",
    rates: "20 10",
    storeName: "Harbour Street",
    storeCode: "HS",
    isInclusive: false,
  };
  expect(bodyOf("s1", entered)).toEqual({
    name: "Harbour Trading",
    currency: "EUR",
    country: "FR",
    time_zone: "Europe/Paris",
    tax_rates: [
      { rate: "20", name: "20 %" },
      { rate: "10", name: "10 %" },
    ],
    store: {
      id: "s1",
      code: "HS",
      name: "Harbour Street",
      time_zone: "Europe/Paris",
      prices_include_tax: false,
    },
  });
});
