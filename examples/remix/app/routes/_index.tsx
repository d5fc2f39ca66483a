import { useLoaderData } from "@remix-run/react";

import { prisma } from "../db.server";

export async function loader() {
  return { books: await prisma.book.findMany({ where: { lent: false } }) };
}

export default function Index() {
  const { books } = useLoaderData<typeof loader>();
  return (
    <ul>
      {books.map((book) => (
        <li key={book.isbn}>{book.title}</li>
      ))}
    </ul>
  );
}
