import Link from "next/link";

export function Card({ title }: { title: string }) {
  return (
    <article>
      <Link href={`/${title}`}>{title}</Link>
    </article>
  );
}
