// Compiled, never run: the arguments written for people and the shapes written for the machine say the same. A difference is a type error.

import type { Unwrap } from "@pulumi/pulumi";
import type { z } from "zod";
import type { connectionArguments, syncArguments } from "../../provider/argument-names.js";
import type { ConnectionArgs } from "../../provider/resources/connection.js";
import type {
  AppPlatformAddressArgs,
  AppPlatformDeploymentArgs,
  AppPlatformDestinationArgs,
  AppPlatformSettingsArgs,
  AppPlatformVariableArgs,
} from "../../provider/resources/app-platform-args.js";
import type { DestinationArgs, SecretSyncArgs, SyncOptionsArgs } from "../../provider/resources/secret-sync-args.js";
import type { SourceArgs } from "../../provider/resources/source-args.js";
import type {
  appPlatformDeployment,
  appPlatformVariable,
  connection,
  destination,
  secretSync,
  source,
  syncOptions,
} from "../../schema/index.js";

/** The usual test for identity: two types are the same when no conditional type tells them apart. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the unresolved T is what keeps the compiler from simplifying
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** One object type instead of an intersection, at every depth; an optional member may be undefined. */
type Plain<T> = T extends readonly (infer Member)[]
  ? Plain<Member>[]
  : T extends object
    ? { [K in keyof T]: Plain<T[K]> | (undefined extends T[K] ? undefined : never) }
    : T;

/** Connections travel beside a source or destination and are no part of its shape. */
type Bare<Args> = Args extends object ? Plain<Unwrap<Omit<Args, "connection">>> : never;

type Members<Args, Shapes, Tag extends keyof Args & keyof Shapes> = {
  [Name in (Args[Tag] | Shapes[Tag]) & string]: Same<
    Bare<Extract<Args, Record<Tag, Name>>>,
    Plain<Extract<Shapes, Record<Tag, Name>>>
  >;
};

type Holds<Checks extends Record<string, true>> = Checks;

/** Every source, destination and connection there is, by its discriminator: a new one is compared without a new line here. */
export type Sources = Holds<Members<SourceArgs, z.input<typeof source>, "type">>;
export type Destinations = Holds<
  Members<
    Exclude<DestinationArgs, AppPlatformDestinationArgs>,
    Exclude<z.input<typeof destination>, AppPlatform>,
    "type"
  >
>;
export type Connections = Holds<Members<ConnectionArgs, Offered<z.input<typeof connection>>, "app">>;

type AppPlatform = Extract<z.input<typeof destination>, { type: "digital-ocean-app-platform" }>;

/** Which app it is stands apart: for an editor a union, for the shape two fields of which one has to be there. */
export type AppPlatformParts = Holds<{
  settings: Same<Bare<AppPlatformSettingsArgs>, Plain<Omit<AppPlatform, "appId" | "appName">>>;
  fields: Same<keyof AppPlatformAddressArgs, "appId" | "appName">;
  both: { appId: string; appName: string } extends AppPlatformAddressArgs ? true : false;
  neither: Same<{} extends AppPlatformAddressArgs ? true : false, false>;
}>;

/** Without the fields that have one permitted value: an editor has nothing to offer there. */
type Offered<Shape> = Shape extends object
  ? Omit<Shape, "isPlatformManagedCredentials" | "isAutoRotationEnabled" | "gatewayId" | "rotation">
  : never;

export type Parts = Holds<{
  syncOptions: Same<Bare<SyncOptionsArgs>, Plain<z.input<typeof syncOptions>>>;
  deployment: Same<Bare<AppPlatformDeploymentArgs>, Plain<z.input<typeof appPlatformDeployment>>>;
  variable: Same<Bare<AppPlatformVariableArgs>, Plain<z.input<typeof appPlatformVariable>>>;
  /** The members beside source, destination and options, whose own types are compared above. */
  secretSync: Same<
    Bare<Omit<SecretSyncArgs, "source" | "destination">>,
    Plain<Omit<z.input<typeof secretSync>, "source" | "destination">>
  >;
}>;

/** Credentials of every kind. */
type Credentials<Args> = Args extends { credentials: infer Fields } ? keyof Fields : never;
type AppOrSite<Args> = Args extends object ? Exclude<keyof Args, "type" | "connection"> : never;

/** What a misspelt argument is compared with is complete, and nothing more. */
export type Names = Holds<{
  sync: Same<keyof typeof syncArguments.known, keyof SecretSyncArgs>;
  options: Same<keyof typeof syncArguments.within.syncOptions, keyof SyncOptionsArgs>;
  destination: Same<keyof typeof syncArguments.within.destination, AppOrSite<DestinationArgs>>;
  connection: Same<keyof typeof connectionArguments.known, keyof z.input<typeof connection>>;
  credentials: Same<keyof typeof connectionArguments.within.credentials, Credentials<ConnectionArgs>>;
}>;

/** The comparison itself tells things apart. */
export type Control = Holds<{
  same: Same<Plain<{ a?: string }>, Plain<{ a?: string | undefined }>>;
  narrower: Same<Same<Plain<{ a: string }>, Plain<{ a: "x" }>>, false>;
  more: Same<Same<Plain<{ a: string; b?: number }>, Plain<{ a: string }>>, false>;
  optional: Same<Same<Plain<{ a?: string }>, Plain<{ a: string }>>, false>;
}>;
