// Command line: what `init` starts from: a live target, an app spec file, or the syncs of another system.

import { SecretSyncError } from "../../errors.js";
import { joinLines } from "../../printable.js";
import { askMeant } from "../../spelling.js";
import { refuseEmpty } from "../given-options.js";

export interface InitOptions {
  readonly app?: string;
  readonly site?: string;
  readonly component?: string[];
  /** The system, and its file if it needs one. */
  readonly from?: string[];
  readonly project?: string;
  readonly environment?: string[];
  readonly directory: string;
}

export async function writeProgram(options: InitOptions): Promise<void> {
  process.stdout.write(joinLines([...(await write(options)), ""]));
}

/** @returns what was done, in lines */
async function write(options: InitOptions): Promise<readonly string[]> {
  refuseEmpty(options);
  const [system, file, ...rest] = options.from ?? [];
  if (rest.length > 0) throw refuse(`--from takes one system, and not ${rest.join(" ")} besides`);
  switch (system) {
    case undefined:
      refuseIdle(options, ofInfisical);
      return (await import("./target.js")).writeTargetProgram(options);
    case "spec":
      if (file === undefined) throw refuse("--from spec needs a file: --from spec .do/app.yaml");
      refuseIdle(options, ofInfisical);
      return (await import("./target.js")).writeFileProgram(file, options);
    case "infisical":
      if (file !== undefined) throw refuse(`--from infisical takes no ${file}; the project is given by --project`);
      refuseIdle(options, ofTargets);
      return (await import("./infisical/action.js")).writeInfisicalProgram(options);
    default:
      throw refuse(
        `--from cannot read ${JSON.stringify(system)}; it takes infisical or spec${askMeant(system, ["infisical", "spec"])}`,
      );
  }
}

const ofTargets = ["component"] as const;
const ofInfisical = ["project", "environment"] as const;

/** An option without an effect would leave a program that takes in more than was asked for. */
function refuseIdle(options: InitOptions, idle: typeof ofTargets | typeof ofInfisical): void {
  const name = idle.find((one) => options[one] !== undefined);
  if (name === undefined) return;
  throw refuse(`--${name} is for ${idle === ofTargets ? "an app or its spec" : "--from infisical"}; leave it out here`);
}

function refuse(message: string): SecretSyncError {
  return new SecretSyncError({ code: "argument.invalid", message });
}
