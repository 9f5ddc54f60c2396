// One card under review: every change is kept soon, nothing is lost when somebody else changes it too, and a decision
// builds on all that was kept.
import { type Clash, type Draft, type Editing, meet, settle, bodyOf } from "@/features/crm/draft";
import { ApiProblem } from "@/http";

import type { CardBox, CardContact, CardField, CardOut } from "@/api";
import { beginning, type History, stepped, typed, undone } from "./history";
import { Keeper, type KeeperState } from "./keeper";
import { begin, edit, fieldsOf, type Work } from "./work";

export interface Sent {
  boxes: CardBox[];
  fields: CardField[];
  contact: CardContact;
}

export interface Ports {
  keep: (version: number, sent: Sent) => Promise<CardOut>;
  present: () => Promise<CardOut>;
}

export interface CheckingState {
  history: History<Work>;
  kept: KeeperState;
  failure: unknown;
  clashes: readonly Clash[];
  /** Whether somebody else's changes were taken over. */
  isTakenOver: boolean;
  /** Whether somebody else decided on the card meanwhile. */
  isDecided: boolean;
}

/** Return what the program keeps of the work. */
export function sentOf(work: Work): Sent {
  return { boxes: [...work.boxes], fields: fieldsOf(work), contact: bodyOf(work.draft) };
}

export const isClash = (failure: unknown) =>
  failure instanceof ApiProblem && failure.code === "version_conflict";

export class Checking {
  private readonly keeper: Keeper<Work>;
  private readonly listeners = new Set<() => void>();
  private base: Work;
  private present: CheckingState;

  constructor(
    card: CardOut,
    private readonly ports: Ports,
  ) {
    this.base = begin(card);
    this.present = {
      history: beginning(this.base),
      kept: "kept",
      failure: null,
      clashes: [],
      isTakenOver: false,
      isDecided: false,
    };
    this.keeper = new Keeper<Work>(card.version, {
      keep: (version, work) => this.keep(version, work),
      onChange: (kept, failure) => this.show({ kept, failure: isClash(failure) ? null : failure }),
    });
  }

  get state(): CheckingState {
    return this.present;
  }

  get work(): Work {
    return this.present.history.now;
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Do something to the lines or the fields, as a step that can be undone. */
  act(change: (work: Work) => Work): void {
    this.go(stepped(this.present.history, change(this.work)));
  }

  /** Take what was typed into the form. */
  type(change: Partial<Draft>): void {
    this.go(typed(this.present.history, edit(this.work, change)));
  }

  undo(): void {
    this.go(undone(this.present.history));
  }

  settle(clash: Clash, takeTheirs: boolean): void {
    const { base, draft, clashes } = settle(this.editing(), clash, takeTheirs);
    this.base = { ...this.base, draft: base };
    this.show({ clashes });
    this.act((work) => ({ ...work, draft }));
    // What was one's own is to be kept on top of theirs, also where nothing of it changed.
    if (clashes.length === 0) this.keeper.put(this.work);
  }

  /** Keep what waits, at once; what could not be kept is told by the state, and tried again with the next change. */
  async flush(): Promise<void> {
    await this.keeper.flush().catch(() => undefined);
  }

  /** Return the version to decide on, with nothing else on its way. */
  async ready(): Promise<number> {
    this.keeper.drop();
    await this.keeper.flush();
    return this.keeper.version;
  }

  /** Go on from what somebody else made of the card: other fields are taken over, the same ones are a question. */
  async meet(): Promise<void> {
    const card = await this.ports.present();
    if (card.state !== "draft") {
      this.keeper.drop();
      this.show({ isDecided: true });
      return;
    }
    const theirs = begin(card);
    const { base, draft, clashes } = meet(this.editing(), theirs.draft, card.version);
    const isMine = JSON.stringify(this.work.boxes) !== JSON.stringify(this.base.boxes);
    const { boxes, links } = isMine ? this.work : theirs;
    this.base = { ...theirs, draft: base };
    this.keeper.rebase(card.version);
    // Before everything is settled, nothing of it goes on top of theirs.
    if (clashes.length > 0) this.keeper.drop();
    this.show({ clashes, isTakenOver: true });
    this.go(stepped(this.present.history, { draft, boxes, links }));
  }

  private editing(): Editing {
    const { clashes } = this.present;
    return { version: 0, base: this.base.draft, draft: this.work.draft, clashes };
  }

  private async keep(version: number, work: Work): Promise<number> {
    try {
      const kept = await this.ports.keep(version, sentOf(work));
      this.base = work;
      return kept.version;
    } catch (failure) {
      if (isClash(failure)) void this.meet();
      throw failure;
    }
  }

  private go(history: History<Work>): void {
    if (history.now === this.work) return;
    this.show({ history });
    if (this.present.clashes.length === 0) this.keeper.put(history.now);
  }

  private show(part: Partial<CheckingState>): void {
    this.present = { ...this.present, ...part };
    for (const listener of this.listeners) listener();
  }
}
