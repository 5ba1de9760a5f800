// Test side, once per run: makes or finds every program that the tests of this project drive, and hands their paths over.

import type { TestProject } from "vitest/node";
import { goBuild, goProgram, pythonPrograms } from "./cache.js";
import path from "node:path";
import { findChromium } from "./chromium.js";
import { buildLanguageHosts, type LanguageHosts } from "./languages/index.js";
import { buildVault } from "./vault/index.js";

/** `null` where a program cannot be had here: its tests are skipped then. */
export interface Programs {
  readonly vault: string | null;
  readonly sops: string | null;
  readonly age: string | null;
  readonly ageKeygen: string | null;
  readonly doppler: string | null;
  readonly infisicalGo: string | null;
  readonly chromium: string | null;
  /** Folders of programs. */
  readonly moto: string | null;
  readonly infisicalPython: string | null;
  readonly pythonDotenv: string | null;
  /** godotenv and Docker Compose's parser. */
  readonly dotenvGo: string | null;
  readonly languages: LanguageHosts;
}

declare module "vitest" {
  interface ProvidedContext {
    programs: Programs;
  }
}

export default async function setup({ provide }: TestProject): Promise<void> {
  const age = { version: "v1.3.2" };
  provide("programs", {
    vault: (await buildVault()) ?? null,
    sops: (await goProgram("github.com/getsops/sops/v3/cmd/sops", { name: "sops", version: "v3.13.3" })) ?? null,
    age: (await goProgram("filippo.io/age/cmd/age", { name: "age", ...age })) ?? null,
    ageKeygen: (await goProgram("filippo.io/age/cmd/age-keygen", { name: "age-keygen", ...age })) ?? null,
    // The module's tags are not of this form, so the newest one that Go finds is a revision.
    doppler:
      (await goProgram("github.com/DopplerHQ/cli", {
        name: "doppler",
        version: "v0.5.11-0.20230908185655-7aef4713e1a4",
      })) ?? null,
    infisicalGo:
      (await goBuild(path.join(__dirname, "infisical-go"), { name: "infisical-go", version: "v0.8.0" })) ?? null,
    chromium: findChromium() ?? null,
    moto: (await pythonPrograms("moto-5.2.5", ["moto==5.2.5", "flask==3.1.2", "flask-cors==6.0.1"])) ?? null,
    infisicalPython: (await pythonPrograms("infisicalsdk-1.0.16", ["infisicalsdk==1.0.16"])) ?? null,
    pythonDotenv: (await pythonPrograms("python-dotenv-1.2.4", ["python-dotenv==1.2.4"])) ?? null,
    languages: await buildLanguageHosts(),
    dotenvGo:
      (await goBuild(path.join(__dirname, "../readers/go"), { name: "dotenv-readers", version: "v2.16.2-1.5.1" })) ??
      null,
  });
}
