// Pictures that were chosen and are not sent yet, kept by the browser: a page that is left or loaded anew loses none.
import type { Parcel } from "./upload-queue";

const DATABASE = "tradepost.cards";
const STORE = "pending";

interface Kept extends Parcel {
  /** Whose they are: nobody else who uses this browser sends them. */
  person: string;
}

export async function keepPending(person: string, parcel: Parcel): Promise<void> {
  await change((store) => store.put({ ...parcel, person }));
}

export async function forgetPending(id: string): Promise<void> {
  await change((store) => store.delete(id));
}

export async function pendingOf(person: string): Promise<Parcel[]> {
  const database = await open();
  try {
    const all = await settled(database.transaction(STORE).objectStore(STORE).getAll());
    return (all as Kept[])
      .filter((one) => one.person === person)
      .map(({ id, batchId, file }) => ({ id, batchId, file }));
  } finally {
    database.close();
  }
}

async function change(act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
  const database = await open();
  try {
    await settled(act(database.transaction(STORE, "readwrite").objectStore(STORE)));
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  const asked = indexedDB.open(DATABASE, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
  return settled(asked);
}

function settled<Result>(asked: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the browser keeps nothing"));
  });
}
