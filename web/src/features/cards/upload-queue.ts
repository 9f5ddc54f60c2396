// Files on their way to the program: a few at a time, each with its progress, its failure and another try.
import type { CardUploadOut } from "@/api";
import { askedToWait } from "@/retrying";

export interface Sending {
  /** The id of the picture too: sending it again doubles nothing. */
  id: string;
  batchId: string;
  filename: string;
  state: "waiting" | "sending" | "sent" | "failed";
  /** The share that is there, 0 to 1. */
  progress: number;
  failure: unknown;
  answer: CardUploadOut | null;
}

export interface Parcel {
  id: string;
  batchId: string;
  file: File;
}

export interface Ports {
  send: (parcel: Parcel, onProgress: (share: number) => void) => Promise<CardUploadOut>;
  /** Remember what is not there yet, and forget it when it is. */
  keep: (parcel: Parcel) => Promise<void>;
  forget: (id: string) => Promise<void>;
}

const AT_ONCE = 3;

export class UploadQueue {
  private parcels = new Map<string, Parcel>();
  private listeners = new Set<() => void>();
  private present: readonly Sending[] = [];
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: Ports) {}

  get all(): readonly Sending[] {
    return this.present;
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Send more; what is on its way already is not sent twice. */
  add(parcels: readonly Parcel[]): void {
    const fresh = parcels.filter(({ id }) => !this.parcels.has(id));
    for (const parcel of fresh) this.parcels.set(parcel.id, parcel);
    this.show([
      ...this.present,
      ...fresh.map(({ id, batchId, file }): Sending => ({
        id,
        batchId,
        filename: file.name,
        state: "waiting",
        progress: 0,
        failure: null,
        answer: null,
      })),
    ]);
    for (const parcel of fresh) void this.ports.keep(parcel);
    this.start();
  }

  retry(id: string): void {
    this.change(id, { state: "waiting", progress: 0, failure: null });
    this.start();
  }

  /** Take what failed or arrived off the list. */
  dismiss(id: string): void {
    this.parcels.delete(id);
    this.show(this.present.filter((one) => one.id !== id));
    void this.ports.forget(id);
  }

  private start(): void {
    if (this.pause !== undefined) return;
    const busy = this.present.filter((one) => one.state === "sending").length;
    const next = this.present.filter((one) => one.state === "waiting").slice(0, AT_ONCE - busy);
    for (const { id } of next) {
      const parcel = this.parcels.get(id);
      if (parcel === undefined) continue;
      this.change(id, { state: "sending", failure: null });
      void this.carry(parcel);
    }
  }

  private async carry(parcel: Parcel): Promise<void> {
    const { id } = parcel;
    try {
      const answer = await this.ports.send(parcel, (progress) => this.change(id, { progress }));
      this.change(id, { state: "sent", progress: 1, answer });
      this.parcels.delete(id);
      void this.ports.forget(id);
    } catch (failure) {
      const wait = askedToWait(failure);
      if (wait === undefined) this.change(id, { state: "failed", failure });
      else this.wait(id, wait, failure);
    }
    this.start();
  }

  /** The program wants no more for a while: nobody has to do anything about it. */
  private wait(id: string, ms: number, failure: unknown): void {
    this.change(id, { state: "waiting", progress: 0, failure });
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.start();
    }, ms);
  }

  private change(id: string, to: Partial<Sending>): void {
    this.show(this.present.map((one) => (one.id === id ? { ...one, ...to } : one)));
  }

  private show(next: readonly Sending[]): void {
    this.present = next;
    for (const listener of this.listeners) listener();
  }
}
