// Command line, IO side: the file to which the processes of a look or an update write their calls to vendors.

import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { makeFolders } from "../folders.js";
import { readVendorCalls, type VendorUses } from "../../vendor-calls.js";

export interface CallFile {
  readonly path: string;
  /** What has been written since the last time. Best effort: it never fails. */
  take(): Promise<VendorUses>;
}

/** @param order.key backend, project and stack */
export function openCallFile({ folder, key }: { readonly folder: string; readonly key: string }): CallFile {
  const stem = createHash("sha256").update(key).digest("hex").slice(0, 32);
  const file = path.join(folder, `${stem}.calls`);
  return {
    path: file,
    take: async () => {
      await makeFolders(folder).catch(() => undefined);
      const text = await readFile(file, "utf8").catch(() => "");
      await rm(file, { force: true }).catch(() => undefined);
      return readVendorCalls(text);
    },
  };
}
