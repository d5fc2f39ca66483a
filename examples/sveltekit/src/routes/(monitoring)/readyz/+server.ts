import { loaves } from "$lib/server/database";

export async function GET() {
  await loaves.estimatedDocumentCount();
  return new Response("ready");
}
