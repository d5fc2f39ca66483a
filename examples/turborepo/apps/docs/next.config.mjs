/** @type {import('next').NextConfig} */
const config = { output: "export", transpilePackages: ["@choir/ui"] };

export default config;
