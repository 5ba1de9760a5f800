// Leaf: how the provider reports its calls to vendors to the runner, for its metrics. Names of vendors and numbers, nothing of a call.

/** The file to which each call appends a line. `watch` sets it for what it starts. */
export const vendorCallsVariable = "PULUMI_SECRET_SYNC_CALLS";

export interface VendorCall {
  readonly vendor: string;
  /** What is left of its limit, as the vendor says. */
  readonly remaining: number | undefined;
}

/** The calls to one vendor, and what was last left of its limit. */
export interface VendorUse {
  readonly calls: number;
  readonly remaining?: number | undefined;
}

export type VendorUses = ReadonlyMap<string, VendorUse>;

export function formatVendorCall({ vendor, remaining }: VendorCall): string {
  return `${vendor} ${remaining ?? ""}\n`;
}

/** Lines that a full disk has cut off do not count. */
export function readVendorCalls(text: string): VendorUses {
  const uses = new Map<string, VendorUse>();
  for (const [, vendor = "", remaining = ""] of text.matchAll(/^(\w+) (\d*)$/gm)) {
    const use = { calls: 1, ...(remaining === "" ? {} : { remaining: Number(remaining) }) };
    uses.set(vendor, addUse(uses.get(vendor), use));
  }
  return uses;
}

export function addUses(before: VendorUses, more: VendorUses): VendorUses {
  return new Map([...before, ...[...more].map(([vendor, use]) => [vendor, addUse(before.get(vendor), use)] as const)]);
}

function addUse(before: VendorUse = { calls: 0 }, use: VendorUse): VendorUse {
  return { ...before, ...use, calls: before.calls + use.calls };
}
