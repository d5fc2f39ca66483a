import { index, prefix, route, type RouteConfig } from "@react-router/dev/routes";

export default [
  index("routes/home.tsx"),
  // route("health", "routes/old-health.ts"),
  ...prefix("internal", [route("alive", "routes/alive.ts")]),
  route("ports/:port", "routes/port.tsx"),
] satisfies RouteConfig;
