import { label } from "@harbour/berths";

export function Board({ title, source }: { title: string; source: string }) {
  return (
    <section data-source={source}>
      <h1>{title}</h1>
      <p>Beside {label(5)}</p>
    </section>
  );
}
