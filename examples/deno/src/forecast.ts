import { cache } from "~/cache.ts";

export async function forecast(city: string): Promise<Response> {
  const known = await cache.get(`forecast:${city}`);
  return known ? new Response(known) : new Response("unknown city", { status: 404 });
}
