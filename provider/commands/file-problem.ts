// Pure: why the file system refuses something, from its code, in words that say what to do.

import { SecretSyncError } from "../errors.js";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "its disk is full",
  EDQUOT: "the quota of its disk is used up",
  EFBIG: "it is larger than the file system or a limit of this shell allows",
  EROFS: "its file system is read-only",
  EACCES: "its permissions do not allow it",
  EPERM: "its permissions do not allow it",
  ENOENT: "a part of its path is not there",
  ENOTDIR: "a part of its path is a file and not a folder",
  EEXIST: "a file or a link stands there",
  EISDIR: "it is a folder",
  ELOOP: "its path is a loop of links",
  ENAMETOOLONG: "its name is too long",
};

export interface Refused {
  /** What cannot be written, for people. */
  readonly place: string;
  /** What else can be done. */
  readonly remedy: string;
}

/** Any other error stays as it is. */
export function explainUnwritable(error: unknown, { place, remedy }: Refused): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const reason = reasons[code] === undefined ? code : `${code}: ${reasons[code]}`;
  return new SecretSyncError({ code: "file.unwritable", message: `${place} cannot be written (${reason}); ${remedy}` });
}
