// Pure: the nouns of the App Platform emulator. Types and tiny JSON functions only, no behaviour.
import type { AppKey } from "./encryption.js";

export interface EnvEntry {
  key: string;
  value?: string;
  scope?: string;
  type?: string;
  [field: string]: unknown;
}

export interface Component {
  name: string;
  envs?: EnvEntry[];
  [field: string]: unknown;
}

export interface Spec {
  name: string;
  region?: string;
  envs?: EnvEntry[];
  services?: Component[];
  workers?: Component[];
  jobs?: Component[];
  static_sites?: Component[];
  functions?: Component[];
  databases?: Component[];
  [field: string]: unknown;
}

/** Every list of the spec whose members may hold `envs`. */
export const COMPONENT_KINDS = ["services", "workers", "jobs", "static_sites", "functions"] as const;
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

export type Phase =
  | "PENDING_BUILD"
  | "BUILDING"
  | "PENDING_DEPLOY"
  | "DEPLOYING"
  | "ACTIVE"
  | "SUPERSEDED"
  | "ERROR"
  | "CANCELED";

export type DeploymentType = "MANUAL" | "DEPLOY_ON_PUSH" | "MAINTENANCE" | "MANUAL_ROLLBACK" | "AUTO_ROLLBACK";

/** How one coming deployment goes wrong. */
export interface Failure {
  step: "build" | "deploy";
  reasonCode?: string;
  message?: string;
  component?: string;
  /** Whether the platform rolls back by itself; by default the switch `rollbackAfterFailure` says. */
  autoRollback?: boolean;
}

export interface DeploymentRecord {
  id: string;
  spec: Spec;
  cause: string;
  type: DeploymentType;
  action?: string;
  clonedFrom?: string;
  previousId?: string;
  commit: string;
  createdAt: number;
  phase: Phase;
  phaseAt: number;
  /** When each phase was entered; the steps' times come from here. */
  entered: Partial<Record<Phase, number>>;
  buildSkipped: boolean;
  failure?: Failure;
  succeeded: boolean;
  /** Whether a list has had the occasion to show it. */
  listed: boolean;
}

export interface AppRecord {
  id: string;
  key: AppKey;
  spec: Spec;
  createdAt: number;
  /** When somebody last changed the spec. */
  writtenAt: number;
  /** How many looks at it still find nothing. */
  unseenLooks: number;
  /** Oldest first. */
  deployments: DeploymentRecord[];
  activeId?: string;
  pinned?: { deploymentId: string; specBefore: Spec };
  /** The newest commit of the app's repository; only builds of newer code take it. */
  head: string;
  projectId: string;
  nextFailures: Failure[];
}

export type { LoggedRequest } from "../faults.js";

/** Something a strict reader of the documentation would object to. */
export interface Complaint {
  kind: "unknown-route" | "unknown-query" | "unknown-body-field" | "duplicate-key" | "unauthorized" | "forbidden";
  detail: string;
  at: number;
}

export class ApiError extends Error {
  readonly status: number;
  readonly id: string;
  constructor(status: number, id: string, message: string) {
    super(message);
    this.status = status;
    this.id = id;
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "bad_request", message);
}

export function notFound(): ApiError {
  return new ApiError(404, "not_found", "The resource you requested could not be found.");
}

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of JSON; `structuredClone` takes ten times as long. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, clone(part)])) as T;
}

export function components(spec: Spec): { kind: ComponentKind; component: Component }[] {
  return COMPONENT_KINDS.flatMap((kind) => (spec[kind] ?? []).map((component) => ({ kind, component })));
}

/** The spec itself and every component that may hold variables; `slot` is empty for the spec. */
export function envHolders(spec: Spec): { slot: string; holder: Spec | Component }[] {
  const rest = components(spec).map(({ component }) => ({ slot: component.name, holder: component }));
  return [{ slot: "", holder: spec }, ...rest];
}

/**
 * Equal in effect: whatever the order of object keys and of `envs` lists, and whether nothing is said with null, with an
 * empty list of variables, with an empty value, or not at all.
 */
export function sameContent(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const fields = Object.keys(value)
    .filter((key) => !saysNothing(key, value[key]))
    .sort()
    .map((key) => `${JSON.stringify(key)}:${key === "envs" ? canonicalEnvs(value[key]) : canonical(value[key])}`);
  return `{${fields.join()}}`;
}

function saysNothing(key: string, value: unknown): boolean {
  return value === undefined || value === null || (key === "envs" && Array.isArray(value) && value.length === 0);
}

function canonicalEnvs(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(canonicalEnv).sort().join()}]` : canonical(value);
}

function canonicalEnv(entry: unknown): string {
  return canonical(isObject(entry) && entry["value"] === "" ? { ...entry, value: undefined } : entry);
}
