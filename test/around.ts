// Set-up of each file: every test knows itself, also where several run at once.

import { aroundEach } from "vitest";
import { running } from "./running.js";

aroundEach((run, context) => running.run(context, run));
