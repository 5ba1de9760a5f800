// The routes around the apps: who owns the token, and where apps may run.
import { regionAnswer } from "./answers.js";
import type { Route } from "./route.js";

export const accountRoutes: Route[] = [
  {
    method: "GET",
    template: "/v2/account",
    scope: "account:read",
    handle: ({ token }) => ({
      status: 200,
      body: {
        account: {
          uuid: "b6fr89dbf6d9156cace5f3c78dc9851d957381ef",
          email: token.email ?? "owner@example.com",
          email_verified: true,
          status: "active",
          status_message: "",
          droplet_limit: 25,
          floating_ip_limit: 5,
        },
      },
    }),
  },
  {
    method: "GET",
    template: "/v2/apps/regions",
    scope: "app:read",
    handle: () => ({
      status: 200,
      body: { regions: ["ams", "nyc", "fra", "sfo", "sgp", "blr", "tor", "lon"].map(regionAnswer) },
    }),
  },
];
