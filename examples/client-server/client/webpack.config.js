const path = require("node:path");

const HtmlWebpackPlugin = require("html-webpack-plugin");

module.exports = {
  entry: "./src/index.js",
  output: { path: path.resolve(__dirname, "public/bundle"), filename: "[name].[contenthash].js", clean: true },
  plugins: [new HtmlWebpackPlugin({ template: "./src/page.html" })],
  devServer: { port: 8855, proxy: [{ context: ["/api"], target: "http://localhost:8800" }] },
};
