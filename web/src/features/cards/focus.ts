// Enter in a field of the review says that the field is right, and goes on to the next doubtful one, at last to accepting.
import type { KeyboardEvent } from "react";

import type { Place } from "./places";

export function goOn(event: KeyboardEvent<HTMLFormElement>, confirm: (place: Place) => void): void {
  const { key, ctrlKey, metaKey, target, defaultPrevented } = event;
  if (key !== "Enter" || ctrlKey || metaKey || defaultPrevented) return;
  if (!(target instanceof HTMLInputElement)) return;
  event.preventDefault();
  const here = target.closest<HTMLElement>("[data-place]");
  if (here?.dataset["unsure"] !== undefined) confirm(here.dataset["place"] as Place);
  const doubtful = [
    ...event.currentTarget.querySelectorAll<HTMLElement>("[data-unsure] :is(input, textarea)"),
  ];
  const others = doubtful.filter((one) => one.closest("[data-place]") !== here);
  const after = others.find((one) => target.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  (after ?? others[0] ?? event.currentTarget.querySelector<HTMLElement>("[data-accept]"))?.focus();
}
