module.exports = {
  siteMetadata: { title: "Orchard notes", siteUrl: "https://orchard.example.org" },
  plugins: [
    { resolve: "gatsby-source-filesystem", options: { name: "notes", path: `${__dirname}/notes` } },
    "gatsby-transformer-remark",
  ],
};
