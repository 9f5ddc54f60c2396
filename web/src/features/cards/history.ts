// Undo for what is done to a card: each act on its lines, and all that is typed between two acts, is one step.

export interface History<State> {
  now: State;
  past: readonly State[];
  isTyping: boolean;
}

const MOST = 50;

export const beginning = <State>(now: State): History<State> => ({ now, past: [], isTyping: false });

/** Go on to a state that can be undone. */
export function stepped<State>({ now, past, isTyping }: History<State>, next: State): History<State> {
  if (next === now) return { now, past, isTyping };
  return { now: next, past: [...past.slice(1 - MOST), now], isTyping: false };
}

/** Go on to a state that belongs to the same step as the one before, such as one more letter. */
export function typed<State>(history: History<State>, next: State): History<State> {
  return { ...(history.isTyping ? { ...history, now: next } : stepped(history, next)), isTyping: true };
}

export function undone<State>(history: History<State>): History<State> {
  const before = history.past.at(-1);
  return before === undefined ? history : { now: before, past: history.past.slice(0, -1), isTyping: false };
}
