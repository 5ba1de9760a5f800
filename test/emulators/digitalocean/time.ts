// Pure: how answers write a moment.
import type { Variant } from "./variant.js";

const SKEW_MS = { none: 0, ahead: 600_000, behind: -600_000 } as const;

/** RFC 3339 in UTC, with the vendor's clock and precision. */
export function showTime(at: number, { times, clockSkew }: Pick<Variant, "times" | "clockSkew">): string {
  const text = new Date(at + SKEW_MS[clockSkew]).toISOString();
  const [seconds = "", milliseconds = ""] = text.slice(0, -1).split(".");
  if (times === "seconds") return `${seconds}Z`;
  // Clients take whole seconds for a lack of precision: they are what the switch shows, and no chance of one moment in a thousand.
  // The fraction shown instead belongs to no other moment, because clients take equal times for one deployment.
  if (times === "milliseconds") return `${seconds}.${milliseconds === "000" ? "0001" : milliseconds}Z`;
  // Go leaves the last zeros out. What is below a millisecond is made up, the same for the same moment.
  const made = String((at * 4_567_890) % 1_000_000).padStart(6, "0");
  const fraction = `${milliseconds}${made}`.replace(/0+$/, "");
  return fraction === "" ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}
