// Keeps what a reviewer did so far: a moment after the last change, one call at a time, and at once when he leaves.

export interface Ports<Work> {
  /** Keep the work on top of a version; returns the version that came of it. */
  keep: (version: number, work: Work) => Promise<number>;
  onChange: (state: KeeperState, failure: unknown) => void;
}

export type KeeperState = "kept" | "waiting" | "keeping" | "failed";

const QUIET_MS = 700;

export class Keeper<Work> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private work: Work | null = null;

  constructor(
    private present: number,
    private readonly ports: Ports<Work>,
  ) {}

  /** The version that a decision builds on, once everything is kept. */
  get version(): number {
    return this.present;
  }

  /** Go on from a version that somebody else made. */
  rebase(version: number): void {
    this.present = version;
  }

  /** Keep this soon; a later one takes its place. */
  put(work: Work): void {
    this.work = work;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush().catch(() => undefined), QUIET_MS);
    this.ports.onChange("waiting", null);
  }

  /** Forget what waits: a decision carries it. */
  drop(): void {
    clearTimeout(this.timer);
    this.work = null;
  }

  /** Keep what waits now; resolves when everything is kept, rejects when it could not be. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    while (this.running !== null) await this.running.catch(() => undefined);
    if (this.work === null) return;
    const work = this.work;
    this.work = null;
    this.running = this.send(work);
    try {
      await this.running;
    } finally {
      this.running = null;
    }
    if (this.hasWork()) await this.flush();
  }

  private hasWork(): boolean {
    return this.work !== null;
  }

  private async send(work: Work): Promise<void> {
    this.ports.onChange("keeping", null);
    try {
      this.present = await this.ports.keep(this.present, work);
    } catch (failure) {
      // What was not kept waits for the next change or the next try, unless there is newer work.
      this.work ??= work;
      this.ports.onChange("failed", failure);
      throw failure;
    }
    if (this.work === null) this.ports.onChange("kept", null);
  }
}
