import type { NextConfig } from "next";

const config: NextConfig = {
  // output: "export",
  output: "standalone",
  basePath: "/choir",
  transpilePackages: ["@choir/ui"],
};

export default config;
