import type { Config } from "@react-router/dev/config";

export default {
  appDirectory: "app",
  buildDirectory: "bundle",
  ssr: true,
} satisfies Config;
