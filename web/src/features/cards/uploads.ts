// The one queue of pictures on their way: it goes on while its person moves about in the app.
import { useEffect, useSyncExternalStore } from "react";

import { useSession } from "@/app/session";
import { sendBytes } from "@/http";
import { newId } from "@/ids";

import { cardPhotosOf } from "@/addresses";
import { type CardUploadOut } from "@/api";
import { forgetPending, keepPending, pendingOf } from "./pending";
import { type Sending, UploadQueue } from "./upload-queue";

let person = "";

/** Where the browser keeps nothing (private windows), pictures are sent all the same. */
const ifItCan = (kept: Promise<void>) => kept.catch(() => undefined);

const queue = new UploadQueue({
  send: ({ id, batchId, file }, onProgress) =>
    sendBytes<CardUploadOut>(cardPhotosOf({ id, batch_id: batchId, filename: file.name }), file, onProgress),
  keep: (parcel) => ifItCan(keepPending(person, parcel)),
  forget: (id) => ifItCan(forgetPending(id)),
});

export interface Uploads {
  sendings: readonly Sending[];
  add: (files: readonly File[], batchId: string) => void;
  retry: (id: string) => void;
  dismiss: (id: string) => void;
}

const actions: Omit<Uploads, "sendings"> = {
  add: (files, batchId) => {
    // Each a millisecond later, so that the order of the ids is the order in which the pictures were chosen.
    const now = Date.now();
    queue.add(files.map((file, index) => ({ id: newId(now + index), batchId, file })));
  },
  retry: (id) => queue.retry(id),
  dismiss: (id) => queue.dismiss(id),
};

export function useUploads(): Uploads {
  const { session } = useSession();
  const id = session?.person.id ?? "";
  useEffect(() => {
    person = id;
    if (id !== "")
      void pendingOf(id).then(
        (parcels) => queue.add(parcels),
        () => undefined,
      );
  }, [id]);
  return { ...actions, sendings: useSyncExternalStore(queue.watch, () => queue.all) };
}
