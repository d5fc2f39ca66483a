import { products } from "../lib/products";

export const dynamic = "force-dynamic";

export default async function Page() {
  return (
    <ul>
      {(await products()).map((product) => (
        <li key={product.id}>
          {product.name} ({(product.cents / 100).toFixed(2)} €)
        </li>
      ))}
    </ul>
  );
}
