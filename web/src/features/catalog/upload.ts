// Sending a file of products.
import { catalogImportFile, type ImportOut } from "@/api";
import { newId } from "@/ids";

const CSV = "text/csv";
const ANY = "application/octet-stream";

/** A file and the store that its quantities go to. */
export interface Upload {
  file: File;
  storeId: string;
}

/** Send a file as it is; the answer is its import, or the first import of the same file. */
export function sendFile({ file, storeId }: Upload): Promise<ImportOut> {
  return catalogImportFile({
    query: { id: newId(), filename: file.name, store_id: storeId },
    body: file,
    // A browser names the kind of a CSV file in many ways, and sometimes not at all.
    headers: { "Content-Type": file.type === CSV ? CSV : ANY },
  });
}
