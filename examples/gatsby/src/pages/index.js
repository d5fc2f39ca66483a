import { graphql } from "gatsby";
import React from "react";

export default function Index({ data }) {
  return (
    <main>
      {data.allMarkdownRemark.nodes.map((note) => (
        <article key={note.id} dangerouslySetInnerHTML={{ __html: note.html }} />
      ))}
    </main>
  );
}

export const query = graphql`
  {
    allMarkdownRemark {
      nodes {
        id
        html
      }
    }
  }
`;
