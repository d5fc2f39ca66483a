import type { APIRoute } from "astro";

import { mails } from "../../lib/queue";

export const POST: APIRoute = async ({ request }) => {
  await mails.add("ticket", await request.json());
  return new Response(null, { status: 202 });
};
