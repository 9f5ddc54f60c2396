import { expect, it } from "vitest";

import { beginning, stepped, typed, undone } from "./history";

it("undoes act by act, to the beginning and no further", () => {
  const history = stepped(stepped(beginning("a"), "b"), "c");
  expect(undone(history).now).toBe("b");
  expect(undone(undone(undone(history))).now).toBe("a");
});

it("takes what is typed between two acts for one step, so that no act's undo takes letters along", () => {
  const history = typed(typed(stepped(beginning("a"), "b"), "bx"), "bxy");
  expect(undone(history).now).toBe("b");
  expect(undone(stepped(history, "c")).now).toBe("bxy");
});

it("makes no step of nothing, and forgets the oldest", () => {
  expect(stepped(beginning("a"), "a").past).toEqual([]);
  let history = beginning(0);
  for (let count = 1; count <= 80; count += 1) history = stepped(history, count);
  expect([history.past.length, history.past[0]]).toEqual([50, 30]);
});
