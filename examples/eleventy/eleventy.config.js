export default function (eleventyConfig) {
  eleventyConfig.addPassthroughCopy({ pictures: "img" });
  eleventyConfig.addFilter("day", (date) => date.toISOString().slice(0, 10));
  // port: 9999 was taken by the printer
  eleventyConfig.setServerOptions({ port: 8181 });
  eleventyConfig.setInputDirectory("bulletins");
  eleventyConfig.setOutputDirectory("pages");
}
